"""Take one file out of a received zip archive, after it was found to be harmless."""

from __future__ import annotations

import fnmatch
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ingestion.refusal import Refusal

MAX_MEMBERS = 200
MAX_UNPACKED = 4 << 30  # bytes; a national file of equipment has 35 MB, one of the census 400 MB
MAX_RATIO = 200
CHUNK = 1 << 20
NESTED = (".zip", ".gz", ".7z", ".rar", ".tar")


def extract(source: Path, member: str, folder: Path) -> Path:
    """Write the one member whose name matches `member` (`*` allowed) into `folder`.

    Raises `Refusal` where the archive is unsafe or damaged, or has no such member, or several.
    Nothing is written under a name that the archive chose.
    """
    with _opened(source) as archive:
        chosen = _choose(archive.infolist(), member)
        target = folder / "membre"
        _copy(archive, chosen, target)
        return target


def member_sizes(source: Path) -> dict[str, int]:
    """The files of an archive by name, without their folders, and the bytes that each announces.

    Raises `Refusal` where the archive is unsafe or damaged.
    """
    with _opened(source) as archive:
        members = archive.infolist()
        _refuse_unsafe(members)
        return {
            PurePosixPath(member.filename).name: member.file_size
            for member in members
            if not member.is_dir()
        }


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Refusal(
            "archive_abimee",
            "L'archive .zip est illisible : elle a sans doute été coupée pendant l'envoi. "
            "Téléchargez-la de nouveau.",
        ) from error


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise _suspicious(f"elle contient {len(members)} fichiers")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or _is_link(member):
            raise _suspicious("un de ses fichiers prétend s'écrire ailleurs")


def _choose(members: list[zipfile.ZipInfo], wanted: str) -> zipfile.ZipInfo:
    _refuse_unsafe(members)
    found = [
        member
        for member in members
        if not member.is_dir()
        and fnmatch.fnmatchcase(PurePosixPath(member.filename).name.lower(), wanted.lower())
    ]
    if len(found) != 1:
        raise Refusal(
            "membre",
            f"L'archive doit contenir un fichier « {wanted} », et un seul : elle en contient "
            f"{len(found)}, sur {len(members)} fichier(s). Vérifiez que c'est la bonne archive.",
        )
    (chosen,) = found
    if chosen.flag_bits & 0x1:
        raise Refusal(
            "chiffre", "L'archive est protégée par un mot de passe. Demandez-la sans mot de passe."
        )
    if chosen.filename.lower().endswith(NESTED):
        raise _suspicious("elle contient une autre archive")
    if chosen.file_size > MAX_UNPACKED or chosen.file_size > MAX_RATIO * chosen.compress_size:
        raise _suspicious(f"son fichier se déplie en {chosen.file_size >> 20} Mo")
    return chosen


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """No more than the announced size is unpacked: where that is a lie, the checksum tells."""
    with archive.open(member) as reader, target.open("wb") as writer:
        while chunk := reader.read(CHUNK):
            writer.write(chunk)
    if target.stat().st_size != member.file_size:
        raise zipfile.BadZipFile("shorter than announced")


def _suspicious(why: str) -> Refusal:
    return Refusal(
        "archive_suspecte",
        f"L'archive n'a pas été ouverte : {why}. Vérifiez d'où elle vient, puis téléchargez-la de "
        "nouveau depuis la page du producteur.",
    )
