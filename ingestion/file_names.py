"""A file or a folder named after a person: its name is neither kept nor told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.contract import Contract
from ingestion.landing import Landed
from ingestion.personal_data import personal_among
from warehouse.settings import Settings

RENAME = (
    "Le nom du fichier, ou celui de son dossier, ressemble à celui d'une personne ou à un numéro "
    "personnel : il n'est pas répété, et le fichier n'a pas été lu. Renommez-le comme le modèle le "
    "demande, puis renvoyez-le."
)
UNTOLD = "(nom non répété)"
FORMS = 3  # the ways of reading a name
TO_RENAME = "a-renommer"  # the edition of a file whose name says nothing that may be kept

# A day or a month has the digits of a phone: those of a date are put aside first.
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-_.](?:0[1-9]|1[0-2])(?:[-_.](?:0[1-9]|[12]\d|3[01]))?"
    r"|(?:0[1-9]|[12]\d|3[01])[-_.](?:0[1-9]|1[0-2])[-_.](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-_.](?:19|20)\d\d)(?!\d)"
)
_CIVILITY = re.compile(r"\b(?:mr|mme|mlle|monsieur|madame|mademoiselle)\b\.? +\w", re.IGNORECASE)


def named_after_someone(names: Sequence[str]) -> list[bool]:
    """Of each name of a file or a folder, without its extension, whether it has a person's sign."""
    forms = [form for name in names for form in _forms(name)]
    found = [
        personal or bool(_CIVILITY.search(form))
        for form, personal in zip(forms, personal_among(forms), strict=True)
    ]
    return [any(found[rank : rank + FORMS]) for rank in range(0, len(found), FORMS)]


def _forms(name: str) -> tuple[str, str, str]:
    """The name as it is, as words, and with its digits joined."""
    plain = unicodedata.normalize("NFKC", name)
    words = " ".join(re.sub(r"[_\-]", " ", _DATE.sub(" x ", plain)).split())
    return _DATE.sub(" x ", plain), words, re.sub(r"(?<=\d)[ .]+(?=\d)", "", words)


def told_paths(paths: Sequence[str]) -> list[str]:
    """Paths inside a folder of received files, without what looks like a person."""
    parts = [(*Path(path).parts[:-1], Path(path).stem) for path in paths]
    flat = [part for several in parts for part in several]
    personal = dict(zip(flat, named_after_someone(flat), strict=True))
    return [
        path
        if not any(personal[part] for part in several)
        else "/".join(UNTOLD if personal[part] else part for part in several) + Path(path).suffix
        for path, several in zip(paths, parts, strict=True)
    ]


def path_inside(path: Path, settings: Settings) -> str:
    """The path of a file inside the folder where it was received or, elsewhere, its name."""
    for root in (settings.depots, settings.sources):
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return path.name


def to_rename(path: Path, contract: Contract, settings: Settings) -> bool:
    """Whether the contract speaks of people, and the name of its file, or folder, of one."""
    if not contract.may_hold_personal_data:
        return False
    inside = path_inside(path, settings)
    return told_paths([inside]) != [inside]


def without_its_name(landed: Landed, path: Path) -> Landed:
    """The file, described without what its name and its folder say."""
    name = "-".join(["fichier", TO_RENAME, *filter(None, [landed.sha256[:8]])])
    return replace(landed, name=name + path.suffix.lower(), vintage=TO_RENAME)
