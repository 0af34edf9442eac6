"""The gate: a candidate that says something false is not published."""

from __future__ import annotations

import pytest

from publication.gate import GateClosed, check_candidate
from tests.publication.night import hashes, ledger, twin
from warehouse.settings import PROJECT


def test_the_demonstration_passes_and_every_mart_is_checked(night):
    checks = check_candidate(night.candidate, night.settings)
    marts = {path.stem for path in (PROJECT / "dbt" / "models" / "marts").glob("*.sql")}
    assert {check.suite for check in checks} == marts
    assert [check for check in checks if check.en_erreur] == []
    # Workbooks that cannot be cut byte for byte are not in the demonstration: told, not refused.
    told = [(c.suite, c.regle, c.severite) for c in checks if not c.reussi]
    assert told == [("mart_qualite", "jeux_en_place", "warning")]


def test_a_hidden_value_turned_into_zero_closes_the_gate(published):
    bad = twin(
        published.candidate,
        "20990101T000000000Z",
        "update marts.fct_indicateur set valeur = 0 where zonage = 'QVA'",
    )
    before = hashes(published.settings.current)
    with pytest.raises(GateClosed) as closed:
        check_candidate(bad, published.settings)
    message = str(closed.value)
    assert "rien n'est publié, la publication en cours reste" in message
    assert "fct_indicateur, contrôle « vide_ou_statut »" in message
    assert "fct_indicateur, contrôle « jamais_zero_sans_raison »" in message
    assert hashes(published.settings.current) == before
    assert published.settings.current.resolve() == published.candidate
    failed = ledger(
        published.settings,
        "select regle from audit.checks where load_id = '20990101T000000000Z' and not reussi"
        " and suite = 'fct_indicateur' order by regle",
    )
    assert failed == [("jamais_zero_sans_raison",), ("vide_ou_statut",)]


def test_a_check_that_cannot_run_closes_the_gate(published):
    """Fail closed, even where the check would only have warned: an error is not a success."""
    bad = twin(
        published.candidate,
        "20990101T000000000Z",
        "alter table marts.mart_qualite rename column etat to situation",
    )
    with pytest.raises(GateClosed, match="« jeux_en_place » : il n'a pas pu être exécuté"):
        check_candidate(bad, published.settings)
