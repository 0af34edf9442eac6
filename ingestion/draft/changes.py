"""What one more file asks of a contract: each column that differs, and the edition itself."""

from __future__ import annotations

from typing import Any

import duckdb

from ingestion.candidate import clean_cell
from ingestion.conformity import ALIKE, likeness
from ingestion.contract import Column, Contract
from ingestion.draft.columns import column_entry, evidence_of, proposed_name
from ingestion.draft.edit import ContractText
from ingestion.draft.guess import Guess
from ingestion.draft.names import distinct, words_of
from ingestion.draft.previous import of_one_order
from ingestion.draft.sample import Sample
from ingestion.draft.yaml_text import written
from warehouse.database import one_row

_NUMBERS = ("integer", "decimal")


class Changes:
    """The changes that one file asks of a contract: made in `text`, explained in `why` (French).

    `nearest` is the known edition that the file is compared with. `gone` and `new` are columns as
    the file spells them; `renamed` leads from a known spelling to the one it probably became.
    `in_place` are the medians of the measures of an edition in place, as far as they are known.
    """

    def __init__(
        self,
        contract: Contract,
        vintage: str,
        nearest: str,
        sample: Sample,
        text: ContractText,
        in_place: dict[str, float],
    ) -> None:
        self.contract = contract
        self.vintage = vintage
        self.nearest = nearest
        self.sample = sample
        self.text = text
        self.in_place = in_place
        self.why: list[str] = []
        self.gone: list[str] = []
        self.new: list[str] = []
        self.renamed: dict[str, str] = {}
        self.new_families: set[str] = set()
        expected = contract.columns_of(vintage)
        header = {found.profile.name: found for found in sample.guesses}
        self.missing = {
            name: column
            for name, column in expected.items()
            if not column.optional
            and not (
                header.keys() >= set(column.joined)
                if column.joined
                else header.keys() & set(column.raw)
            )
        }
        spelled = {name for column in expected.values() for name in column.spellings}
        self.unknown = {
            name: found
            for name, found in header.items()
            if name not in spelled and name not in contract.ignore
        }
        self.before = [known for known in contract.vintages if known < vintage]
        self.after = [known for known in contract.vintages if known > vintage]

    def columns(self) -> None:
        """What each column that differs asks for."""
        self._extend_known_columns()
        for name, found in self._probable_renamings().items():
            self._rename(name, found)
        for name, column in self.missing.items():
            self._bound(name, column)
        for found in self.unknown.values():
            self._add(found)

    def _extend_known_columns(self) -> None:
        """A column known in other editions only, and that this file has too."""
        for name, column in self.contract.columns.items():
            held = [s for s in column.spellings if s in self.unknown]
            if column.in_vintage(self.vintage) or not held:
                continue
            changed = self._widen(name, column)
            self.why.append(f"« {held[0]} » ({column.label}) est là aussi : {changed} change.")
            for spelling in held:
                del self.unknown[spelling]

    def _widen(self, name: str, column: Column) -> str:
        """Let a known column be in this edition, and in no other than before; say what changes."""
        place, absent = ("columns", name), [v for v in column.not_in if v != self.vintage]
        if self.vintage in column.not_in:
            self.text.set(place, "not_in", written(absent))
            return "not_in"
        bound = "since" if column.since and column.since > self.vintage else "until"
        self.text.set(place, bound, self.vintage)
        within = [known for known in self.after if known < (column.since or "")]
        within += [known for known in self.before if known > (column.until or self.vintage)]
        if within:
            self.text.set(place, "not_in", written(sorted({*absent, *within})))
        return bound

    def _probable_renamings(self) -> dict[str, Guess]:
        """The missing columns that an unknown one most looks like: each is paired once."""
        pairs = [
            (likeness(spelling, other), name, other)
            for name, column in self.missing.items()
            for spelling in column.raw
            for other, found in self.unknown.items()
            if not found.aside
            and _alike(column, found)
            and of_one_order(self.in_place.get(name), found.profile.median)
        ]
        found: dict[str, Guess] = {}
        for score, name, other in sorted(pairs, key=lambda pair: -pair[0]):
            taken = [paired.profile.name for paired in found.values()]
            if score >= ALIKE and name not in found and other not in taken:
                found[name] = self.unknown[other]
        return found

    def _rename(self, name: str, found: Guess) -> None:
        column, spelling = self.missing.pop(name), found.profile.name
        del self.unknown[spelling]
        self.renamed[column.raw[0]] = spelling
        self.text.append(("columns", name, "raw"), written(spelling))
        self.why.append(
            f"« {column.raw[0]} » ({column.label}) est peut-être renommée « {spelling} ». Si ce "
            f"n'est pas la même mesure, bornez {name} et ajoutez une colonne."
        )

    def _bound(self, name: str, column: Column) -> None:
        """A column that the file has not any more, or not yet."""
        self.gone.append(column.spellings[0])
        before = [known for known in self.before if column.in_vintage(known)]
        after = [known for known in self.after if column.in_vintage(known)]
        if before and not after:
            change = ("until", max(before))
        elif after and not before:
            change = ("since", min(after))
        else:
            change = ("not_in", written([*column.not_in, self.vintage]))
        self.text.set(("columns", name), *change)
        said = f"« {column.spellings[0]} » ({column.label}) n'y est pas"
        self.why.append(f"{said} : {change[0]}: {change[1]}.")

    def _add(self, found: Guess) -> None:
        """A column that no edition has."""
        spelling = found.profile.name
        self.new.append(spelling)
        if found.aside:
            self._ignore(spelling)
            self.why.append(f"« {spelling} » est nouvelle, laissée de côté : {found.why}.")
            return
        year = self._year_near(found)
        entry = column_entry(found, self.sample.layout, year)
        if "year" in entry:
            self.new_families.add(entry["year"])
        if not self.after:
            entry["since"] = int(self.vintage)
        elif not self.before:
            entry["until"] = int(self.vintage)
        else:
            entry |= {"since": int(self.vintage), "until": int(self.vintage)}
        taken = set(self.contract.columns)
        name = distinct(proposed_name(found, self.sample.layout), taken)
        self.text.add_after(
            ("columns",), self._column_before(found), f"{written(name)}: {written(entry)}"
        )
        dated = f", datée comme ses voisines ({year})" if "year" in entry else ""
        self.why.append(f"« {spelling} » est nouvelle : {evidence_of(found)}{dated}.")

    def _ignore(self, spelling: str) -> None:
        if self.contract.ignore:
            self.text.append(("ignore",), written(spelling))
        else:
            self.text.set((), "ignore", written([spelling]))

    def _column_before(self, found: Guess) -> str | None:
        """The column of the contract that stands before this one in the file."""
        names = [name for name, rank in self._known_ranks() if rank < found.profile.rank]
        return names[-1] if names else None

    def _year_near(self, found: Guess) -> str | None:
        """The family named by the note that closes its group, or that of the nearest measure."""
        notes = [
            words_of(other.profile.name)
            for other in self.sample.guesses
            if other.role == "note" and other.profile.rank > found.profile.rank
        ]
        families = self.contract.vintages[self.nearest].years
        named = [family for family in families if notes and family in notes[0]]
        if named:
            return named[0]
        dated = [
            (abs(rank - found.profile.rank), year)
            for name, rank in self._known_ranks()
            if (year := self.contract.columns[name].year)
        ]
        return min(dated)[1] if dated else None

    def _known_ranks(self) -> list[tuple[str, int]]:
        """The columns of the contract that the file has, in the order of the file."""
        ranks = {found.profile.name: found.profile.rank for found in self.sample.guesses}
        known = [
            (name, ranks[spelling])
            for name, column in self.contract.columns.items()
            for spelling in column.spellings
            if spelling in ranks
        ]
        return sorted(known, key=lambda pair: pair[1])

    def edition(self, own: dict[str, Any]) -> None:
        """The entry of the edition: rows counted, years deduced, and what else is its own."""
        entry: dict[str, Any] = {"rows": self.sample.rows - self._totals()}
        years = self._years()
        if years:
            entry |= {"years": years, "inferred": sorted(years)}
        if self.sample.suffix:
            entry["suffix"] = self.sample.suffix
        previous = max(self.before) if self.before else None
        line = f"{self.vintage}: {written(entry | own)}"
        self.text.add_after(("vintages",), previous, line)
        deduced = f" ; années déduites de celles de {self.nearest}, à confirmer" if years else ""
        self.why.insert(0, f"Édition {self.vintage} : {entry['rows']} lignes comptées{deduced}.")

    def _years(self) -> dict[str, int]:
        """The year of each family that a column of this edition may need."""
        years: dict[str, int] = {}
        by_distance = sorted(
            self.contract.vintages, key=lambda known: abs(int(known) - int(self.vintage))
        )
        for known in by_distance:
            gap = int(self.vintage) - int(known)
            for family, year in self.contract.vintages[known].years.items():
                years.setdefault(family, year + gap)
        needed = self.new_families | {
            column.year
            for name, column in self.contract.columns.items()
            if column.in_vintage(self.vintage) or name in self.missing
        }
        return {family: year for family, year in years.items() if family in needed}

    def _totals(self) -> int:
        """How many rows the contract keeps aside as totals of the producer."""
        ranks = dict(self._known_ranks())
        conditions = [
            f"{clean_cell(ranks[name])} in ({', '.join('?' for _ in values)})"
            for name, values in self.contract.control_rows.items()
            if name in ranks
        ]
        if not conditions:
            return 0
        values = [v for n, words in self.contract.control_rows.items() if n in ranks for v in words]
        with duckdb.connect() as con:
            (count,) = one_row(
                con,
                f"select count(*) from read_parquet(?) where {' or '.join(conditions)}",
                [str(self.sample.parquet), *values],
            )
        return int(count)


def _alike(column: Column, found: Guess) -> bool:
    if column.type in _NUMBERS:
        return found.type in _NUMBERS
    return found.type not in _NUMBERS
