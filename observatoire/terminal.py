"""What a person sees on the terminal (French)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ingestion.findings import Findings
    from ingestion.foresight import Prospect

SHOWN_NAMES = 5
SHOWN_PROBLEMS = 10


def show_digest(digest: dict[str, Any], console: Console) -> None:
    """The night's digest, as `publication.digest` wrote it for machines."""
    console.rule("Bulletin de la nuit")
    _show_outcome(digest, console)
    counts = Counter(load["verdict"] for load in digest["loads"])
    lost = sum(_not_received(load) for load in digest["loads"])
    missing = f", {lost} non reçus" if lost else ""
    refused = counts["refuse"] + counts["erreur"] - lost
    console.print(
        f"Fichiers : {counts['charge']} chargés, {counts['inchange']} inchangés, "
        f"{counts['remplace']} remplacés, {refused} refusés{missing} · "
        f"{len(digest['late'])} en retard · {digest['masked']} valeurs masquées"
    )
    _show_refusals(digest, console)
    for row in digest["aside"]:
        console.print(f"Écartées : {row['lignes']} ligne(s) de {row['fichier']} ({row['regle']})")
    _show_unknown(digest["unknown"], console)
    _show_warnings(digest, console)
    for said in digest["release"].get("avertissements", []):
        console.print(Text(f"À regarder dans la publication : {said}", "yellow"))
    changes = digest["release"].get("changements") if digest["new_release"] else None
    if changes:
        console.print(
            f"Indicateurs : {changes['ajoutees']} valeurs ajoutées, {changes['modifiees']} "
            f"modifiées, {changes['retirees']} retirées"
        )


def _show_outcome(digest: dict[str, Any], console: Console) -> None:
    release = digest["release"].get("release", "aucune")
    if digest["failures"]:
        text = Text("\n".join(digest["failures"]))
        console.print(Panel(text, title="Rien n'a été publié", border_style="red"))
    elif digest["nothing_new"]:
        console.print(
            f"Rien de nouveau : aucun fichier n'a changé, la publication {release} reste."
        )
    elif digest["new_release"]:
        console.print(f"Nouvelle publication : {release}", style="bold green")
    else:
        console.print(f"La publication {release} reste en place.", style="yellow")
    if digest["release"].get("demonstration"):
        console.print("Données de démonstration : extraits, et activité en partie inventée.")


def _show_refusals(digest: dict[str, Any], console: Console) -> None:
    for load in digest["loads"]:
        if load["verdict"] in ("refuse", "erreur") and not _not_received(load):
            title = f"REFUSÉ {load['fichier']} · {load['dataset']} {load['millesime']}"
            console.print(Panel(Text(load["motif"]), title=title, border_style="red"))
    for load in digest["loads"]:
        if _not_received(load):
            said = f"NON REÇU {load['fichier']} · {load['dataset']} {load['millesime']} : "
            console.print(Text(said + load["motif"], "yellow"))
    for late in digest["late"]:
        said = f"EN RETARD {late['dataset']} : {late['reason']} {late['kept']}"
        console.print(Text(said, "yellow"))


def _not_received(load: dict[str, Any]) -> bool:
    # As the ledger says it: an error without a hash.
    return load["verdict"] == "erreur" and not load["sha256"]


def _show_unknown(names: list[str], console: Console) -> None:
    if names:
        shown = ", ".join(names[:SHOWN_NAMES]) + (" …" if len(names) > SHOWN_NAMES else "")
        said = f"{len(names)} fichier(s) que nul contrat ne reconnaît : {shown}"
        console.print(Text(said, "dim"))


def _show_warnings(digest: dict[str, Any], console: Console) -> None:
    warned = [load for load in digest["loads"] if load["avertissements"]]
    for load in warned:
        console.print(Text(f"Avertissement {load['fichier']} : {load['motif']}", "dim"))


def show_prospect(name: str, prospect: Prospect, console: Console) -> None:
    """What would happen to a file that can be loaded, or is known already."""
    decision, judged = prospect.decision, prospect.judgement
    console.print(
        f"{name} : {prospect.contract.title} ({prospect.contract.dataset}), "
        f"millésime {prospect.claim.vintage}.",
        markup=False,
    )
    if decision.verdict == "inchange":
        console.print(f"Rien ne serait chargé. {decision.motif}", markup=False)
        return
    place = f", à la place de {decision.replaced.fichier}" if decision.replaced else ""
    console.print(f"Il serait chargé{place}.", markup=False)
    console.print(
        f"{judged.candidate.received} lignes reçues, {judged.loadable} à charger, "
        f"{judged.aside.rows} à écarter, {judged.aside.control} ligne(s) de total."
    )
    show_findings(prospect.findings, console)
    for text in judged.warnings:
        console.print(f"  - {text}", markup=False)


def show_findings(findings: Findings, console: Console) -> None:
    """Each problem with its place and how to mend it, then the totals that were understood."""
    shown = findings.problems[:SHOWN_PROBLEMS]
    for problem in shown:
        said = f"  {problem.place} : {problem.said} → {problem.remedy}"
        console.print(Text(said), soft_wrap=True)
    others = len(findings.problems) + findings.more - len(shown)
    if others:
        console.print(f"  Et {others} autres (--json les dit).")
    if findings.totals:
        console.print("Ce que nous avons compris :")
        for total in findings.totals:
            console.print(Text(f"  {total.label} : {total.value}"))


STATES = {
    "a_jour": Text("à jour", "green"),
    "en_retard": Text("EN RETARD", "bold yellow"),
    "absent": Text("absent", "yellow"),
    "a_confirmer": Text("à confirmer", "dim"),
}
VERDICTS = {
    "charge": "chargé",
    "inchange": "inchangé",
    "refuse": "REFUSÉ",
    "remplace": "remplacé",
    "erreur": "ERREUR",
}


def show_status(
    release: str, rows: list[dict[str, Any]], unknown: list[str], console: Console
) -> None:
    """One line per dataset, then what a person may have to do about some of them."""
    table = Table(
        title=f"Publication {release}",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    # A name cut short names nothing: the other columns give way.
    table.add_column("Jeu", no_wrap=True, min_width=max(len(row["dataset"]) for row in rows))
    for name in ("État", "Édition", "Verdict", "Chargé le", "SQY"):
        table.add_column(name, no_wrap=name != "Édition", overflow="fold")
    table.add_column("Lignes", justify="right", no_wrap=True)
    for row in rows:
        day = row["dernier_chargement"]
        table.add_row(
            row["dataset"],
            STATES[row["etat"]],
            row["dernier_millesime"] or "—",
            VERDICTS.get(row["dernier_verdict"], "—"),
            f"{day:%d/%m/%y}" if day else "—",
            _covered(row),
            f"{row['lignes_en_place']:,}".replace(",", "\u202f"),
        )
    console.print(table)
    for row in rows:
        if row["motif_refus"]:
            said = f"Refusé ou non reçu, {row['dataset']} : {row['motif_refus']}"
            console.print(Text(said, "yellow"))
    for row in rows:
        for gap in _gaps(row["couverture"]):
            console.print(Text(f"Non publié, {row['dataset']} {gap}", "dim"))
    for row in rows:
        if row["etat"] == "a_confirmer":
            console.print(Text(f"À confirmer, {row['dataset']} : {row['a_confirmer']}", "dim"))
    _show_unknown(unknown, console)


def _covered(row: dict[str, Any]) -> str:
    if row["territoires_attendus"] is None:
        return "—"
    return f"{row['territoires_sqy']} sur {row['territoires_attendus']}"


def _gaps(covered: list[dict[str, Any]]) -> list[str]:
    """What is missing, said once for the editions that miss the same."""
    editions: dict[tuple[str, int, int], list[str]] = {}
    for edition in covered:
        if edition["territoires_manquants"]:
            counted = (edition["territoires_couverts"], edition["territoires_attendus"])
            key = (edition["territoires_manquants"], *counted)
            editions.setdefault(key, []).append(edition["edition"])
    return [
        f"{', '.join(names)} : {missing} ({there} sur {of})"
        if there
        else f"{', '.join(names)} : aucun des {of} territoires de l'agglomération"
        for (missing, there, of), names in editions.items()
    ]
