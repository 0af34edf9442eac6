"""A publication that fails leaves its reason, once, and still fails."""

from __future__ import annotations

import pytest

from publication.build import BuildFailed
from publication.failure import remembered
from tests.publication.night import ledger
from warehouse.database import writer
from warehouse.settings import Settings

KEPT = "select etape, message from audit.echecs order by survenu_le"


@pytest.fixture
def empty(tmp_path) -> Settings:
    settings = Settings(tmp_path / "home", tmp_path)
    with writer(settings):
        pass
    return settings


def test_the_reason_is_kept_and_the_failure_goes_on(empty):
    with pytest.raises(BuildFailed, match="rien n'est publié"), remembered(empty, "construction"):
        raise BuildFailed("Un contrôle a échoué : rien n'est publié.")
    assert ledger(empty, KEPT) == [
        ("construction", "Un contrôle a échoué : rien n'est publié."),
    ]


def test_a_failure_without_words_is_named(empty):
    with pytest.raises(MemoryError), remembered(empty, "contrôle"):
        raise MemoryError
    assert ledger(empty, KEPT) == [("contrôle", "MemoryError")]


def test_reasons_are_kept_in_order(empty):
    for step in ("construction", "publication"):
        with pytest.raises(OSError, match=step), remembered(empty, step):
            raise OSError(step)
    assert [step for step, _ in ledger(empty, KEPT)] == ["construction", "publication"]


def test_success_leaves_no_trace(empty):
    with remembered(empty, "construction"):
        pass
    assert ledger(empty, KEPT) == []
