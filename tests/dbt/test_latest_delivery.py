"""Where two rows of deliveries speak of the same thing, the one that counts is always the same."""

from __future__ import annotations

import re

import pytest

from warehouse.settings import PROJECT

CHOICE = re.compile(r"row_number\(\) over \((.+?)\)\s*= 1", re.DOTALL)
CHOSEN_BY_LOAD = {
    path.stem: found
    for path in sorted((PROJECT / "dbt" / "models" / "staging").glob("*.sql"))
    for found in CHOICE.findall(path.read_text(encoding="utf-8"))
    if "load_id desc" in found
}


def test_some_are_chosen() -> None:
    assert {
        "stg_caf__prestations_qf_communes",
        "stg_caf__retours_detection",
        "stg_operateurs__activite_agregee",
        "stg_operateurs__administration_plus",
        "stg_operateurs__enquete_renoncement",
        "stg_operateurs__recoupement",
    } <= set(CHOSEN_BY_LOAD)


@pytest.mark.parametrize("model", CHOSEN_BY_LOAD)
def test_rows_of_one_load_are_told_apart(model: str) -> None:
    chosen = CHOSEN_BY_LOAD[model]
    assert re.search(r"load_id desc,\s+((\w+\.)?_row_number|ligne)( asc)?\s*$", chosen), model
