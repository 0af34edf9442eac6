"""A file at hand: how it is laid out, and what its columns most probably are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.draft.guess import Guess, decimal_mark, guess
from ingestion.draft.names import NamedEdition, edition_in
from ingestion.draft.profile import profile
from ingestion.readers.cells import Layout, Reading
from ingestion.readers.options import ReadOptions
from ingestion.reading import read, sniff
from ingestion.refusal import Refusal

MOST_COLUMNS = 0.5


@dataclass(frozen=True)
class Sample:
    """What was found in the file `name`: `parquet` has its rows, `guesses` its named columns.

    `edition` is what its name says of the edition (None where it says nothing), `suffix` what ends
    the column names of that edition; `decimal` is the mark of its numbers with its evidence.
    """

    name: str
    layout: Layout
    reading: Reading
    parquet: Path
    edition: NamedEdition | None
    suffix: str
    decimal: tuple[str, str]
    guesses: list[Guess]

    @property
    def rows(self) -> int:
        """Every data row, malformed ones and totals too."""
        return self.reading.rows + len(self.reading.bad_lines)


def take_sample(source: Path, folder: Path) -> Sample:
    """Find out how `source` is laid out, read it so, and guess its columns; `folder` is scratch.

    Raises `Refusal` where the file cannot be read as a table, or names two columns alike.
    """
    layout = sniff(source, folder)
    parquet = folder / "lignes.parquet"
    reading = read(source, ReadOptions.model_validate(layout.options), parquet)
    edition = edition_in(source.name)
    suffix = _suffix(reading.header, edition)
    return sample_of(source, layout, reading, parquet, suffix)


def sample_of(source: Path, layout: Layout, reading: Reading, parquet: Path, suffix: str) -> Sample:
    """What is found in a file already read, whose column names end with `suffix`."""
    header = [name.removesuffix(suffix) for name in reading.header]
    _refuse_twice(header)
    is_layer = layout.options["format"] == "geojson"
    geometry = "geometry" if is_layer else layout.options.get("geometry")
    profiles = profile(parquet, header)
    decimal = decimal_mark(profiles)
    guesses = [
        guess(found, decimal[0], geometry, layout.label_of(found.rank)) for found in profiles
    ]
    edition = edition_in(source.name)
    return Sample(source.name, layout, reading, parquet, edition, suffix, decimal, guesses)


def _suffix(header: Sequence[str], edition: NamedEdition | None) -> str:
    """What ends most names because of their edition: `17` in `PPSOC17`, `_a17` in `tp60_a17`."""
    if edition is None:
        return ""
    digits = edition.vintage[-2:]
    named = [name for name in header if name]
    ended = [name for name in named if name.endswith(digits) and name != digits]
    if len(ended) <= MOST_COLUMNS * len(named):
        return ""
    endings = Counter(name[-4:] for name in ended if name[-4:-3] == "_").most_common(1)
    suffix = digits
    if endings and endings[0][1] > MOST_COLUMNS * len(ended):
        suffix = endings[0][0]
    left = [name.removesuffix(suffix) for name in named]
    return suffix if all(left) and len(set(left)) == len(left) else ""


def _refuse_twice(header: Sequence[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Refusal(
            "colonne_en_double",
            f"En-tête : « {twice[0]} » figure deux fois. Un contrat désigne chaque colonne par son "
            "nom : renommez-la dans le fichier, ou demandez-en un autre.",
        )
