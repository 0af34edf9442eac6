"""The header against the contract: sets of names, never positions."""

from __future__ import annotations

from typing import Any

import pytest

from ingestion.conformity import Conformity, find_layout, match_columns, unknown_columns
from ingestion.contract import Contract
from ingestion.readers.cells import Reading
from ingestion.refusal import Refusal
from tests.fixtures.contracts import small_column, small_contract

HEADER = ["CODE", "LIBELLE", "HAB", "PART"]


def match(header: list[str], contract: Contract, vintage: str = "2021") -> Conformity:
    return match_columns(Reading(header, 12, []), contract, vintage)


def refusal(header: list[str], contract: Contract, vintage: str = "2021") -> Refusal:
    with pytest.raises(Refusal) as refused:
        match(header, contract, vintage)
    assert refused.value.rows_received == 12
    return refused.value


def test_the_columns_of_the_contract_are_found() -> None:
    found = match(HEADER, small_contract())
    assert found == Conformity(
        {"code": [0], "habitants": [2], "part_pct": [3]},
        {"code": "CODE", "habitants": "HAB", "part_pct": "PART"},
        [],
        "2021",
    )


def test_reordered_columns_are_accepted() -> None:
    found = match(["PART", "HAB", "LIBELLE", "CODE"], small_contract())
    assert found.positions == {"code": [3], "habitants": [1], "part_pct": [0]}


def test_another_known_spelling_is_accepted() -> None:
    found = match(["CODE", "POP", "PART"], small_contract())
    assert found.spelled["habitants"] == "POP"
    assert found.positions["habitants"] == [1]


def test_a_missing_column_is_refused_by_its_name_and_meaning() -> None:
    refused = refusal(["CODE", "HAB"], small_contract())
    assert refused.rule == "colonnes_manquantes"
    assert "colonne attendue absente" in refused.message
    assert "« PART » (Part de femmes)" in refused.message
    assert "millésime 2021" in refused.message
    assert "HAB" not in refused.message


def test_a_day_in_the_place_of_a_name_is_told_by_its_column() -> None:
    said = refusal(["CODE", "2026-02-23T00:00:00", "HAB"], small_contract(), "2021").message
    assert "« PART » (Part de femmes)" in said
    assert said.endswith(
        "La colonne B porte une date en guise de nom : une formule l'a sans doute remplacé, "
        "rétablissez-le."
    )
    assert "en guise de nom" not in refusal(["CODE", "2026", "HAB"], small_contract()).message


def test_every_missing_column_is_named() -> None:
    message = refusal(["CODE"], small_contract()).message
    assert "colonnes attendues absentes" in message
    assert "« HAB »" in message
    assert "« PART »" in message


@pytest.mark.parametrize("renamed", ["PARTS", "part", "TX_PART"])
def test_a_renamed_column_is_refused_and_the_new_name_suggested(renamed: str) -> None:
    message = refusal(["CODE", "HAB", renamed], small_contract()).message
    assert f"peut-être renommée « {renamed} »" in message


def test_nothing_is_suggested_where_nothing_looks_alike() -> None:
    message = refusal(["CODE", "HAB", "XYZ"], small_contract()).message
    assert "peut-être" not in message
    assert "Colonnes inattendues : « XYZ »" in message


def test_an_operator_is_sent_back_to_the_model() -> None:
    message = refusal(["CODE", "HAB"], small_contract(origin="depot")).message
    assert "fichier modèle" in message
    assert "contrat" not in message


def test_an_optional_column_may_be_missing() -> None:
    contract = small_contract(columns=small_column("part_pct", optional=True))
    assert "part_pct" not in match(["CODE", "HAB"], contract).positions


def test_an_added_column_is_kept_aside() -> None:
    found = match([*HEADER, "NOUVELLE"], small_contract())
    assert found.unknown == ["NOUVELLE"]
    assert "NOUVELLE" not in found.spelled.values()


def test_an_added_column_is_refused_where_people_might_be_named() -> None:
    refused = refusal([*HEADER, "NOM"], small_contract(unknown_columns="refuse"))
    assert refused.rule == "colonnes_inconnues"
    place = "ABCDEFGHIJ"[len(HEADER)]
    assert f"la colonne {place} : retirez" in refused.message
    assert "NOM" not in refused.message


def test_ignored_columns_are_not_noticed() -> None:
    assert match(HEADER, small_contract(unknown_columns="refuse")).unknown == []


@pytest.mark.parametrize("twice", ["HAB", "NOUVELLE", "LIBELLE"])
def test_a_name_met_twice_is_refused(twice: str) -> None:
    refused = refusal([*HEADER, twice, "NOUVELLE"], small_contract())
    assert refused.rule == "colonne_en_double"
    assert f"« {twice} »" in refused.message


PERSON = "Zafa1quibus 0611223344"


def test_a_header_that_is_not_the_contract_s_is_told_by_its_place() -> None:
    """Where people may be named, a header may be one of them."""
    contract = small_contract(may_hold_personal_data=True)
    renamed = refusal(["CODE", f"HAB {PERSON}", "HABI", "PART"], contract).message
    assert "« HAB » (Habitants) (peut-être la colonne C)." in renamed
    near = refusal(["CODE", "PART", "HABZ"], contract).message
    assert "(peut-être la colonne C)" in near
    twice = refusal([*HEADER, PERSON, PERSON], contract).message
    assert "les colonnes E, F portent le même nom" in twice
    unknown = refusal([*HEADER, PERSON], small_contract(unknown_columns="refuse")).message
    edition = refuse_layout([*HEADER[:-1], "PARTZ"], contract)
    assert "(peut-être la colonne D)" in edition
    for said in (renamed, near, twice, unknown, edition):
        assert "HABZ" not in said
        assert "Zafa1" not in said
        assert "0611223344" not in said
    assert "« HAB » figure deux fois" in refusal([*HEADER, "HAB"], contract).message
    assert unknown_columns([*HEADER, PERSON], [PERSON], contract) == "E"


def refuse_layout(header: list[str], contract: Contract) -> str:
    with pytest.raises(Refusal) as refused:
        find_layout(Reading(header, 12, []), contract, "2033")
    return refused.value.message


SUFFIXED: dict[str, Any] = {
    "2017": {"years": {"rp": 2014}, "suffix": "17"},
    "2021": {"years": {"rp": 2018}},
}


def test_the_suffix_of_an_edition_is_dropped() -> None:
    contract = small_contract(vintages=SUFFIXED)
    found = match(["CODE", "HAB17", "PART17"], contract, "2017")
    assert found.positions == {"code": [0], "habitants": [1], "part_pct": [2]}
    assert found.spelled["habitants"] == "HAB17"


def test_the_suffix_of_another_edition_is_not() -> None:
    message = refusal(["CODE", "HAB17", "PART"], small_contract(vintages=SUFFIXED)).message
    assert "peut-être renommée « HAB17 »" in message


def test_a_missing_column_is_named_with_its_suffix() -> None:
    message = refusal(["CODE", "HAB17"], small_contract(vintages=SUFFIXED), "2017").message
    assert "« PART17 »" in message


@pytest.mark.parametrize(
    ("bounds", "expected_in"),
    [
        ({"since": "2021"}, {"2021"}),
        ({"until": "2020"}, {"2020"}),
        ({"since": "2020", "until": "2020"}, {"2020"}),
        ({"since": "2020", "until": "2021"}, {"2020", "2021"}),
        ({"not_in": ["2020"]}, {"2021"}),
    ],
)
@pytest.mark.parametrize("vintage", ["2020", "2021"])
def test_a_column_is_expected_in_its_editions_only(
    bounds: dict[str, str], expected_in: set[str], vintage: str
) -> None:
    contract = small_contract(columns=small_column("part_pct", **bounds))
    if vintage in expected_in:
        assert "« PART »" in refusal(["CODE", "HAB"], contract, vintage).message
        assert "part_pct" in match(HEADER, contract, vintage).positions
    else:
        assert "part_pct" not in match(["CODE", "HAB"], contract, vintage).positions
        said = refusal(HEADER, contract, vintage)
        assert said.rule == "colonne_d_un_autre_millesime"
        assert "« PART »" in said.message


@pytest.mark.parametrize(
    ("bounds", "vintage", "said"),
    [
        ({"since": "2021"}, "2020", "n'existe que depuis 2021"),
        ({"until": "2020"}, "2021", "n'existe que jusqu'à 2020"),
        ({"since": "2020", "until": "2020"}, "2021", "n'existe que jusqu'à 2020"),
        ({"not_in": ["2021"]}, "2021", "manque dans cette édition"),
    ],
)
def test_why_an_edition_has_not_a_column_is_told(
    bounds: dict[str, str], vintage: str, said: str
) -> None:
    contract = small_contract(columns=small_column("part_pct", **bounds))
    assert f"« PART » {said}, et le" in refusal(HEADER, contract, vintage).message


JOINED = {
    "code": {"joined": ["COM", "IRIS"], "type": "code", "role": "key", "label": "Code de l'IRIS"}
}


def test_a_code_in_two_parts_needs_both() -> None:
    contract = small_contract(columns=small_column("part_pct") | JOINED)
    found = match(["IRIS", "HAB", "PART", "COM"], contract)
    assert (found.positions["code"], found.spelled["code"]) == ([3, 0], "COM + IRIS")
    assert "« COM » (Code de l'IRIS)" in refusal(["IRIS", "HAB", "PART"], contract).message
