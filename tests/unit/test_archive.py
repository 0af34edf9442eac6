"""An archive gives its one file, byte for byte, or is refused before anything is written."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.readers.archive import MAX_MEMBERS, MAX_RATIO, extract, member_sizes
from ingestion.readers.options import ReadOptions
from ingestion.reading import read
from ingestion.refusal import Refusal

CONTENT = b"REG;DEP;NB_EQUIP\r\n" + b"".join(b"11;78;%d\r\n" % n for n in range(500))
WANTED = "bpe*_ensemble.csv"
NAME = "bpe18_ensemble.csv"


def archive(
    path: Path, *members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED, mode: int = 0
) -> Path:
    with zipfile.ZipFile(path, "w", how) as writer:
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = how
            entry.external_attr = mode << 16
            writer.writestr(entry, content)
    return path


def refusal(path: Path, wanted: str = WANTED) -> Refusal:
    """Why the archive is refused; nothing was written beside it."""
    folder = path.parent / "brouillon"
    folder.mkdir()
    with pytest.raises(Refusal) as refused:
        extract(path, wanted, folder)
    return refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recu.zip"


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    "name", [NAME, "BPE18_Ensemble.CSV", "dossier/" + NAME, "./" + NAME, "2018/dossier/" + NAME]
)
def test_the_one_member_comes_back_byte_for_byte(path: Path, name: str, how: int) -> None:
    archive(path, (name, CONTENT), how=how)
    taken = extract(path, WANTED, path.parent)
    assert taken.read_bytes() == CONTENT
    assert sorted(p.name for p in path.parent.iterdir()) == ["membre", "recu.zip"]


def test_other_files_and_folders_are_left_alone(path: Path) -> None:
    archive(path, ("dossier/", b""), ("LISEZ-MOI.txt", b"x"), (NAME, CONTENT), ("varmod.csv", b"y"))
    assert extract(path, WANTED, path.parent).read_bytes() == CONTENT
    assert member_sizes(path) == {"LISEZ-MOI.txt": 1, NAME: len(CONTENT), "varmod.csv": 1}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["autre.csv"], "elle en contient 0, sur 1 fichier(s)"),
        ([NAME + ".txt", "dossier/"], "elle en contient 0, sur 2 fichier(s)"),
        ([NAME, "bpe17_ensemble.csv"], "elle en contient 2, sur 2 fichier(s)"),
        ([NAME, "dossier/" + NAME], "elle en contient 2, sur 2 fichier(s)"),
        ([], "elle en contient 0, sur 0 fichier(s)"),
    ],
    ids=["none", "no folder either", "two", "the same in a folder", "empty"],
)
def test_no_member_or_several(path: Path, names: list[str], said: str) -> None:
    refused = refusal(archive(path, *((name, CONTENT) for name in names)))
    assert refused.rule == "membre"
    assert f"« {WANTED} »" in refused.message
    assert said in refused.message


@pytest.mark.parametrize(
    "name",
    ["../" + NAME, "dossier/../../" + NAME, "..\\" + NAME, "/etc/" + NAME, "\\\\serveur\\" + NAME],
)
def test_a_name_that_leads_elsewhere(path: Path, name: str) -> None:
    # Beside the file that is wanted: it is the archive that is not trusted.
    archive(path, (NAME, CONTENT), (name.replace("bpe18", "autre"), b"x"))
    refused = refusal(path)
    assert refused.rule == "archive_suspecte"
    assert "s'écrire ailleurs" in refused.message
    with pytest.raises(Refusal, match="s'écrire ailleurs"):
        member_sizes(path)
    assert not list((path.parent / "brouillon").iterdir())


def test_a_link(path: Path) -> None:
    refused = refusal(archive(path, (NAME, b"/etc/passwd"), mode=stat.S_IFLNK | 0o777))
    assert refused.rule == "archive_suspecte"
    assert "s'écrire ailleurs" in refused.message


def test_a_password(path: Path) -> None:
    archive(path, (NAME, CONTENT))
    set_flag(path, 0x1)
    refused = refusal(path)
    assert refused.rule == "chiffre"
    assert "mot de passe" in refused.message


@pytest.mark.parametrize("name", ["bpe18.zip", "bpe18.csv.GZ", "bpe18.7z", "bpe18.tar"])
def test_an_archive_inside(path: Path, name: str) -> None:
    refused = refusal(archive(path, (name, CONTENT)), wanted="bpe*")
    assert refused.rule == "archive_suspecte"
    assert "une autre archive" in refused.message


def test_a_bomb(path: Path) -> None:
    # The best that this compression does is about one for a thousand.
    size = 8 << 20
    archive(path, (NAME, b"\x00" * size))
    with zipfile.ZipFile(path) as packed:
        assert size > MAX_RATIO * packed.getinfo(NAME).compress_size
    refused = refusal(path)
    assert refused.rule == "archive_suspecte"
    assert "se déplie en 8 Mo" in refused.message
    assert not list((path.parent / "brouillon").iterdir())


@pytest.mark.parametrize(("count", "accepted"), [(MAX_MEMBERS, True), (MAX_MEMBERS + 1, False)])
def test_more_members_than_any_producer_sends(path: Path, count: int, accepted: bool) -> None:
    archive(path, (NAME, CONTENT), *((f"{n}.txt", b"x") for n in range(count - 1)))
    if accepted:
        assert extract(path, WANTED, path.parent).read_bytes() == CONTENT
    else:
        refused = refusal(path)
        assert refused.rule == "archive_suspecte"
        assert f"{count} fichiers" in refused.message


def set_flag(path: Path, flag: int) -> None:
    """Set a flag of the first member, in its own header and in the directory of the archive."""
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    for place in (6, directory + 8):
        content[place] |= flag
    path.write_bytes(content)


def announce(size: int) -> Callable[[bytearray], bytearray]:
    """Say another size in the directory of the archive, the only one that is believed."""

    def changed(content: bytearray) -> bytearray:
        struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, size)
        return content

    return changed


def spoiled(content: bytearray) -> bytearray:
    """The packed bytes of the member are not what was packed."""
    start = 30 + len(NAME)
    content[start : start + 40] = b"\xff" * 40
    return content


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:10],
        lambda content: bytearray(),
        lambda content: bytearray(CONTENT),
        lambda content: content.replace(b"bpe18", b"bpe17", 1),
        announce(len(CONTENT) - 1),
        announce(len(CONTENT) + 1),
        announce(1),
        spoiled,
    ],
    ids=[
        "its last byte lost",
        "half of it",
        "its first bytes",
        "empty",
        "no archive",
        "two names",
        "a smaller size announced",
        "a larger size announced",
        "a size of one byte announced",
        "packed bytes spoiled",
    ],
)
@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_archive(path: Path, damage: Callable[[bytearray], bytearray], how: int) -> None:
    archive(path, (NAME, CONTENT), how=how)
    path.write_bytes(damage(bytearray(path.read_bytes())))
    refused = refusal(path)
    assert refused.rule == "archive_abimee"
    assert "Téléchargez-la de nouveau" in refused.message


def test_the_child_reads_the_member(path: Path) -> None:
    archive(path, (NAME, CONTENT), ("varmod.csv", b"A;B\r\n1;2\r\n"))
    reading = read(path, ReadOptions(member=WANTED), path.with_suffix(".parquet"))
    assert reading.header == ["REG", "DEP", "NB_EQUIP"]
    assert reading.rows == 500
    with pytest.raises(Refusal) as refused:
        read(path, ReadOptions(member="recensement*.csv"), path.with_suffix(".parquet"))
    assert refused.value.rule == "membre"
