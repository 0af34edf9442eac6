"""The totals of a hand-kept sheet against their parts, in SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isinf
from typing import TYPE_CHECKING

from ingestion.readers.cells import CELL, ROW_NUMBER, folded
from ingestion.readers.options import Unfold
from ingestion.readers.workbook import cell_text
from ingestion.refusal import Refusal
from warehouse.literal import literal

if TYPE_CHECKING:
    import duckdb

ANY_TOTAL = ["total*", "sous-total*", "sous total*"]
LONG = 8  # digits from which a number is not repeated
ROUNDING = 1e-9  # of a sum of decimals, relative


def refuse_wrong_totals(con: duckdb.DuckDBPyConnection, sheet: str, unfold: Unfold) -> None:
    """Refuse the sheet where a total of `depliees` cannot be that of its parts.

    A total's parts are the cells that agree with it on all that it does not sum over. A blank, a
    dash and what is to come add nothing to it; what is not communicated may add any number. What
    counts persons once has a total between its largest part and the sum; a share in % stands
    between the shares of the parts.
    """
    con.execute(_ranges_sql(unfold))
    _refuse_unreadable_total(con, sheet)
    wrong = con.execute(_wrong_sql(unfold)).fetchall()
    if wrong:
        cell, least, most, low, high = wrong[0]
        also = f" (et {len(wrong) - 1} autre(s) total(aux))" if len(wrong) > 1 else ""
        raise Refusal(
            "total_faux",
            f"Feuille « {sheet} », cellule {cell} : {_gap((least, most), (low, high))}{also}. "
            "Corrigez le total ou les nombres (une cellule vide ne compte rien ; N/C, un "
            "nombre que l'on ne dit pas), puis renvoyez le fichier.",
        )


def _refuse_unreadable_total(con: duckdb.DuckDBPyConnection, sheet: str) -> None:
    found = con.execute(
        f"select {CELL} from etendues where (total_de_ligne or total_de_colonne) and q is null"
        rf" and regexp_matches(texte, '\d') order by {ROW_NUMBER}, rang limit 1"
    ).fetchone()
    if found:
        raise Refusal(
            "total_faux",
            f"Feuille « {sheet} », cellule {found[0]} : le total n'est pas un nombre lisible. "
            "Écrivez un nombre.",
        )


def is_total(cell: str, labels: Sequence[str]) -> str:
    """Whether the text of a cell (SQL) is one of these labels of totals, as SQL."""
    matches = [
        f"regexp_full_match(texte_plie({cell}), {literal(total_pattern(label))})"
        for label in labels
    ]
    return f"coalesce({' or '.join(matches) or 'false'}, false)"


def total_pattern(label: str) -> str:
    """A label of totals as a regular expression on folded text: `*` stands for any text."""
    return re.escape(folded(label)).replace(r"\*", ".*")


def _ranges_sql(unfold: Unfold) -> str:
    """Each cell with the least and the most that it may count, and the way its total is made."""
    text = f"c{len(unfold.header) - 1}"
    named = [f"c{n}" for n in range(len(unfold.header) - 1)]
    distinct = [literal(folded(name)) for name in unfold.totals.distinct]
    once = [f"texte_plie({name}) in ({', '.join(distinct)})" for name in named if distinct]
    return f"""
        create table etendues as
        select *, {text} as texte,
            case q.qualificatif when 'exact' then q.valeur else coalesce(q.valeur_basse, 0) end
            as moins,
            case
                when q.qualificatif = 'exact' then q.valeur
                when not compte then 0
                else coalesce(q.valeur_haute, 'infinity'::double)
            end as plus,
            coalesce(q.unite = '%', false) as est_part,
            coalesce({" or ".join(once) or "false"}, false) as distinctes
        from (
            select *, quantite({text}) as q, q is not null or not {_adds_nothing(text)} as compte
            from depliees
        )
    """


def _adds_nothing(text: str) -> str:
    """Whether a text that is no number is a blank, a dash or so, or says that nothing was done."""
    return (
        f"({text} is null or not regexp_matches({text}, '[\\pL\\pN]')"
        f" or coalesce(statut_ecrit({text}) in ('prevu', 'sans_objet'), false))"
    )


def _wrong_sql(unfold: Unfold) -> str:
    labels = len(unfold.labels)
    totals = [unfold.totals.rows] * labels + [unfold.totals.columns] * len(unfold.across)
    agree = [
        f"(total.c{n} is null or {is_total(f'total.c{n}', names)}"
        f" or texte_plie(total.c{n}) = texte_plie(part.c{n}))"
        for n, names in enumerate(totals)
    ]
    of_total = f"total.{CELL}, total.{ROW_NUMBER}, total.rang, total.moins, total.plus"
    return f"""
        select {CELL}, moins, plus, au_moins, au_plus
        from (
            select {of_total},
                case
                    when total.est_part then min(part.moins) filter (part.compte)
                    when total.distinctes then max(part.moins)
                    else sum(part.moins)
                end as au_moins,
                case
                    when total.est_part then max(part.plus) filter (part.compte)
                    else sum(part.plus)
                end as au_plus
            from etendues as total
            join etendues as part
                on not part.total_de_ligne and not part.total_de_colonne
                and (total.total_de_ligne or part.{ROW_NUMBER} = total.{ROW_NUMBER})
                and (total.total_de_colonne or part.rang = total.rang)
                and {" and ".join(agree)}
            where (total.total_de_ligne or total.total_de_colonne)
                and total.q.qualificatif in ('exact', 'fourchette', 'au_moins')
            group by {of_total}, total.est_part, total.distinctes
        )
        where plus < au_moins - {unfold.totals.tolerance} - {ROUNDING} * abs(au_moins)
            or moins > au_plus + {unfold.totals.tolerance} + {ROUNDING} * abs(au_plus)
        order by {ROW_NUMBER}, rang
    """


def _gap(total: tuple[float, float], parts: tuple[float, float]) -> str:
    """How the total differs (French); a long number may be a phone: it is not repeated."""
    told = f"le total est {_said(*total)}, ses parties donnent {_said(*parts)}"
    numbers = re.findall(r"[\d,.]+", told)
    if any(len(re.sub(r"\D", "", number)) >= LONG for number in numbers):
        return "le total n'est pas celui de ses parties"
    return told


def _said(least: float, most: float) -> str:
    low = cell_text(float(least))
    if least == most:
        return f"{low}"
    return f"au moins {low}" if isinf(most) else f"entre {low} et {cell_text(float(most))}"
