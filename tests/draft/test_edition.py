"""The lines that one more file asks of a small contract, and that they are enough."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.contract import Contract, read_contract
from ingestion.draft import edition
from ingestion.draft.edition import Proposal, propose_edition
from ingestion.loading import shape_tables
from tests.draft.conftest import apply
from tests.fixtures.contracts import SMALL, small_contract
from warehouse.database import writer
from warehouse.settings import Settings

Propose = Callable[..., tuple[Proposal, Contract]]


@pytest.fixture
def propose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Propose:
    """Propose for a file, and read the contract with those lines only."""
    monkeypatch.setattr(edition, "CONTRACTS", tmp_path)

    def proposed(
        name: str, content: str | bytes, contract: dict[str, Any] | None = None
    ) -> tuple[Proposal, Contract]:
        path = tmp_path / "essai" / "quartiers.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(contract or SMALL, sort_keys=False, allow_unicode=True))
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        folder = tmp_path / "travail"
        folder.mkdir(exist_ok=True)
        settings = Settings(tmp_path / "home", tmp_path)
        proposal = propose_edition(file, read_contract(path), settings, folder)
        path.write_text(apply(proposal.diff, path.read_text(encoding="utf-8")), encoding="utf-8")
        return proposal, read_contract(path)

    return proposed


def bounded(column: str, **bounds: object) -> dict[str, Any]:
    contract = deepcopy(SMALL)
    contract["columns"][column] |= bounds
    return contract


def test_a_known_edition_needs_nothing(propose: Propose) -> None:
    proposal, _ = propose("essai_2021.csv", "CODE;HAB;PART\nA;1;2,5\n")
    assert (proposal.diff, proposal.why, proposal.rows) == ("", [], 1)


def test_a_later_edition_of_the_same_columns(propose: Propose) -> None:
    proposal, changed = propose("essai_2023.csv", "CODE;HAB;PART\nA;1;2,5\nB;2;3,5\n")
    assert proposal.compared == "2021"
    assert proposal.why == [
        "Édition 2023 : 2 lignes comptées ; années déduites de celles de 2021, à confirmer."
    ]
    known = changed.vintages["2023"]
    assert (known.rows, known.years, known.inferred) == (2, {"rp": 2020}, ["rp"])
    assert list(changed.vintages) == ["2020", "2021", "2023"]


def test_an_earlier_edition_stands_first(propose: Propose) -> None:
    _, changed = propose("essai_2018.csv", "CODE;HAB;PART\nA;1;2,5\n")
    assert list(changed.vintages) == ["2018", "2020", "2021"]
    assert changed.vintages["2018"].years == {"rp": 2015}


def test_rows_of_totals_are_not_counted(propose: Propose) -> None:
    contract = SMALL | {"control_rows": {"code": ["Ensemble", "Total"]}}
    content = "CODE;HAB;PART\nEnsemble;3;3\nA;1;2,5\nB;2;3,5\n"
    _, changed = propose("essai_2022.csv", content, contract)
    assert changed.vintages["2022"].rows == 2


def test_a_column_gone(propose: Propose) -> None:
    proposal, changed = propose("essai_2022.csv", "CODE;HAB\nA;1\n")
    assert proposal.gone == ["PART"]
    assert changed.columns["part_pct"].until == "2021"
    assert "« PART » (Part de femmes) n'y est pas : until: 2021." in proposal.why


def test_a_column_that_an_earlier_edition_had_not(propose: Propose) -> None:
    _, changed = propose("essai_2019.csv", "CODE;HAB\nA;1\n")
    assert changed.columns["part_pct"].since == "2020"


def test_a_column_missing_between_two_editions_that_have_it(propose: Propose) -> None:
    contract = deepcopy(SMALL)
    contract["vintages"]["2023"] = {"years": {"rp": 2020}}
    _, changed = propose("essai_2022.csv", "CODE;HAB\nA;1\n", contract)
    assert changed.columns["part_pct"].not_in == ["2022"]
    assert "PART" in changed.columns["part_pct"].raw


def test_a_column_that_comes_back(propose: Propose) -> None:
    contract = bounded("part_pct", until="2020")
    contract["vintages"]["2022"] = {"years": {"rp": 2019}}
    _, changed = propose("essai_2023.csv", "CODE;HAB;PART\nA;1;2,5\n", contract)
    column = changed.columns["part_pct"]
    assert [v for v in changed.vintages if column.in_vintage(v)] == ["2020", "2023"]


def test_a_column_said_absent_is_there(propose: Propose) -> None:
    contract = bounded("part_pct", not_in=["2021"])
    proposal, changed = propose("essai_2021.csv", "CODE;HAB;PART\nA;1;2,5\n", contract)
    assert changed.columns["part_pct"].not_in == []
    assert proposal.why == ["« PART » (Part de femmes) est là aussi : not_in change."]


def test_a_column_of_another_edition_is_there_too(propose: Propose) -> None:
    contract = bounded("part_pct", until="2020")
    proposal, changed = propose("essai_2022.csv", "CODE;HAB;PART\nA;1;2,5\n", contract)
    assert changed.columns["part_pct"].until == "2022"
    assert "« PART » (Part de femmes) est là aussi : until change." in proposal.why
    assert (proposal.new, proposal.gone) == ([], [])


def test_a_column_probably_renamed(propose: Propose) -> None:
    proposal, changed = propose("essai_2022.csv", "CODE;HAB;PARTS\nA;1;2,5\n")
    assert proposal.renamed == {"PART": "PARTS"}
    assert changed.columns["part_pct"].raw == ["PART", "PARTS"]
    assert "peut-être renommée « PARTS »" in proposal.why[1]


def test_a_name_alike_of_another_kind_is_no_renaming(propose: Propose) -> None:
    proposal, _ = propose("essai_2022.csv", "CODE;HAB;PARTS\nA;1;beaucoup\n")
    assert (proposal.renamed, proposal.gone, proposal.new) == ({}, ["PART"], ["PARTS"])


def test_each_name_is_taken_by_the_most_alike(propose: Propose) -> None:
    contract = deepcopy(SMALL)
    contract["columns"]["part_h_pct"] = contract["columns"]["part_pct"] | {"raw": "PART_H"}
    content = "CODE;HAB;PARTS;PART_HH\nA;1;2,5;3,5\n"
    proposal, _ = propose("essai_2022.csv", content, contract)
    assert proposal.renamed == {"PART": "PARTS", "PART_H": "PART_HH"}


TWO_NAMES = "CODE;HAB;PARTS;TX_PART\nA;1;5000,5;52,5\nB;2;4000,5;48,5\n"


def test_the_most_alike_is_the_one_renamed(propose: Propose) -> None:
    proposal, _ = propose("essai_2022.csv", TWO_NAMES)
    assert proposal.renamed == {"PART": "PARTS"}


def test_values_of_another_order_are_no_renaming(propose: Propose, tmp_path: Path) -> None:
    """Where the edition before is loaded, its shares of 50 do not become 5 000."""
    with writer(Settings(tmp_path / "home", tmp_path)) as con:
        shape_tables(con, small_contract())
        con.execute(
            "insert into raw.essai__quartiers by name"
            " select 'A' as code, 50.0 as part_pct, '2021' as _millesime"
        )
    proposal, _ = propose("essai_2022.csv", TWO_NAMES)
    assert proposal.renamed == {"PART": "TX_PART"}
    assert proposal.new == ["PARTS"]


def test_new_columns_stand_where_they_stand_in_the_file(propose: Propose) -> None:
    content = "CODE;HAB;NEUF;NEUF_BIS;PART\nA;1;5;6,5;2,5\n"
    proposal, changed = propose("essai_2022.csv", content)
    assert proposal.new == ["NEUF", "NEUF_BIS"]
    assert list(changed.columns) == ["code", "habitants", "neuf", "neuf_bis", "part_pct"]
    new = changed.columns["neuf"]
    assert (new.type, new.role, new.year, new.since) == ("integer", "measure", "rp", "2022")
    assert changed.columns["neuf_bis"].type == "decimal"


def test_a_new_column_of_an_earlier_edition_ends_with_it(propose: Propose) -> None:
    _, changed = propose("essai_2019.csv", "CODE;HAB;PART;NEUF\nA;1;2,5;7\n")
    assert (changed.columns["neuf"].since, changed.columns["neuf"].until) == (None, "2019")


def test_the_note_of_a_group_dates_its_new_columns(propose: Propose) -> None:
    contract = deepcopy(SMALL)
    for known in contract["vintages"].values():
        known["years"]["cnam"] = 2019
    contract["columns"]["note_cnam"] = {
        "raw": "NOTE_CNAM",
        "type": "code",
        "role": "note",
        "label": "Note",
    }
    content = "CODE;HAB;PART;NEUF;NOTE_CNAM\nA;1;2,5;7;0\n"
    _, changed = propose("essai_2022.csv", content, contract)
    assert changed.columns["neuf"].year == "cnam"
    assert changed.vintages["2022"].years == {"rp": 2019, "cnam": 2020}


def test_what_is_empty_or_personal_is_left_aside(propose: Propose) -> None:
    content = "CODE;HAB;PART;VIDE;Courriel\nA;1;2,5;;a@exemple.fr\n"
    proposal, changed = propose("essai_2022.csv", content)
    assert changed.ignore == ["LIBELLE", "VIDE", "Courriel"]
    assert not any("a@exemple.fr" in said for said in [*proposal.why, proposal.diff])


def test_a_first_ignored_column(propose: Propose) -> None:
    contract = deepcopy(SMALL)
    del contract["ignore"]
    _, changed = propose("essai_2022.csv", "CODE;HAB;PART;VIDE\nA;1;2,5;\n", contract)
    assert changed.ignore == ["VIDE"]


def test_the_ends_of_names_follow_the_edition(propose: Propose) -> None:
    contract = deepcopy(SMALL)
    contract["vintages"]["2021"]["suffix"] = "21"
    _, changed = propose("essai_2022.csv", "CODE;HAB22;PART22\nA;1;2,5\n", contract)
    assert changed.vintages["2022"].suffix == "22"


def test_another_layout_is_told(propose: Propose) -> None:
    content = 'Un titre,,\nCODE,HAB,PART\nÉ,1,"2,5"\n'.encode("cp1252")
    _, changed = propose("essai_2022.csv", content)
    read = changed.vintages["2022"].read
    assert read is not None
    assert read.model_dump(exclude_unset=True) == {
        "encoding": "cp1252",
        "separator": ",",
        "header_row": 2,
    }


def test_another_name_is_told(propose: Propose) -> None:
    _, changed = propose("quartiers_v2_2022.csv", "CODE;HAB;PART\nA;1;2,5\n")
    assert changed.claim_of("quartiers_v2_2022.csv") == ("2022", 1)


def test_rows_that_would_be_set_aside_are_counted(propose: Propose) -> None:
    proposal, _ = propose("essai_2022.csv", "CODE;HAB;PART\nA;1;2,5\nB;beaucoup;1\n")
    assert (proposal.rows, proposal.aside) == (2, 1)
