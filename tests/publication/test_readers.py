"""Readers: never an error, never half a release, whatever is published under them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from publication.build import DATABASE
from publication.release import publish, rollback
from tests.publication.night import Night, twin

READER = Path(__file__).with_name("reader.py")
OTHER = "20990101T000000000Z"


def _reader(mode: str, night: Night, *more: object, **streams: object) -> subprocess.Popen[str]:
    database = night.settings.current / DATABASE
    command = [sys.executable, str(READER), mode, str(database), *map(str, more)]
    return subprocess.Popen(command, text=True, stderr=subprocess.PIPE, **streams)


def _other_release(night: Night) -> Path:
    """Says 11 and 12 where the first says 74.0 twice, and has one row less."""
    return twin(
        night.candidate,
        OTHER,
        "update marts.fct_indicateur set valeur = 11 where code_territoire = 'QP078006'"
        " and code_indicateur = 'caf_taux_couverture' and periode = '2019'",
        "update marts.mart_indicateurs_cles set caf_taux_couverture = 12"
        " where code_territoire = 'QP078006'",
        "delete from marts.fct_indicateur where zonage = 'QVA' and"
        " code_indicateur = 'ctx_etab_100'",
    )


def test_a_reader_keeps_the_old_figures_until_it_reopens(published):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with _reader("hold", published, **pipes) as early:
        ask = lambda: (early.stdin.write("?\n"), early.stdin.flush(), early.stdout.readline())[2]  # noqa: E731
        first, again, rows = json.loads(ask())
        assert (round(first, 1), round(again, 1)) == (74.0, 74.0)

        publish(_other_release(published), published.settings)

        assert json.loads(ask()) == [first, again, rows]
        with _reader("hold", published, **pipes) as late:
            answer, errors = late.communicate("?\n", timeout=30)
        assert errors == ""
        assert json.loads(answer) == [11, 12, rows - 1]
        assert json.loads(ask()) == [first, again, rows]
        early.stdin.close()
        assert early.stderr.read() == ""


@pytest.mark.parametrize("publications", [5, pytest.param(50, marks=pytest.mark.long)])
def test_publications_under_four_readers(published, tmp_path, publications):
    names = [published.candidate.name, OTHER]
    publish(_other_release(published), published.settings)
    stop = tmp_path / "stop"
    answers = [tmp_path / f"lecteur-{rank}" for rank in range(4)]
    readers = [
        _reader("loop", published, stop, stdout=path.open("w", encoding="utf-8"))
        for path in answers
    ]
    watcher = _reader("watch", published, stop, stdout=subprocess.PIPE)
    for turn in range(publications):
        # Not before every reader has read since: each publication is read under.
        _wait_for_news(answers)
        rollback(names[turn % 2], published.settings)
    stop.touch()
    errors = [reader.communicate(timeout=30)[1] for reader in readers]

    missing, trouble = watcher.communicate(timeout=30)

    assert errors == [""] * 4
    assert (missing.strip(), trouble) == ("0", "")
    assert [reader.returncode for reader in readers] == [0] * 4
    said = Counter(
        line for path in answers for line in path.read_text(encoding="utf-8").split("\n")
    )
    del said[""]
    assert len(said) == 2, "an answer mixes two releases"
    true, false = sorted((json.loads(line) for line in said), reverse=True)
    assert (round(true[0], 1), round(true[1], 1)) == (74.0, 74.0)
    assert false == [11, 12, true[2] - 1]
    assert sum(said.values()) >= 4 * publications


def _wait_for_news(answers: list[Path]) -> None:
    sizes = [path.stat().st_size for path in answers]
    deadline = 600
    while any(path.stat().st_size == size for path, size in zip(answers, sizes, strict=True)):
        deadline -= 1
        if not deadline:
            pytest.fail("a reader has stopped")
        subprocess.run(["sleep", "0.02"], check=True)
