"""Drafts of contracts from small files, each with some real dirt; what they say and never say."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
import yaml

from ingestion.candidate import build_candidate, rows_set_aside
from ingestion.conformity import find_layout
from ingestion.contract import Contract
from ingestion.draft.names import canonical, distinct, edition_in, words_of
from ingestion.draft.write import Draft, draft_contract
from ingestion.draft.yaml_text import written
from ingestion.refusal import Refusal


def draft(folder: Path, content: str, name: str = "essai_2021.csv") -> Draft:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return draft_contract(path, folder)


def rows(count: int, *cells: str) -> str:
    """Lines of cells where `{n}` is the number of the line, from 1."""
    return "".join(";".join(cells).format(n=n) + "\n" for n in range(1, count + 1))


def remark(found: Draft, line: str) -> str:
    """What the draft says at the end of the line that begins so."""
    (whole,) = [text for text in found.text.splitlines() if text.strip().startswith(line)]
    return whole.split("   # ")[1]


def loaded(found: Draft, folder: Path) -> tuple[int, int]:
    """Rows that the drafted contract loads from its own sample, and those it sets aside."""
    contract, reading = found.contract, found.sample.reading
    claim = contract.claim_of(found.sample.name)
    assert claim
    conformity = find_layout(reading, contract, claim.vintage)
    candidate = build_candidate(
        found.sample.parquet, reading, conformity, contract, folder / "candidat.duckdb"
    )
    aside = rows_set_aside(candidate)
    return candidate.received - aside.rows - aside.control, aside.rows


def test_columns_that_yaml_would_not_take_for_text(tmp_path: Path) -> None:
    """`no`, `on` and `null` are words of YAML: unquoted, they are no names."""
    content = "CODGEO;NO;ON;NULL\n" + rows(40, "QP078{n:03}", "{n}", "{n},5", "1{n}")
    columns = draft(tmp_path, content).contract.columns
    assert {name: column.raw for name, column in columns.items() if name != "code_territoire"} == {
        "no": ["NO"],
        "on": ["ON"],
        "null": ["NULL"],
    }


QUARTIERS = "CODGEO;LIBGEO;TX_CHOM;NB_MEN;NOTE_X\n" + rows(
    40, "QP078{n:03}", "Quartier {n}", "{n},5", "{n} 123", "0"
)


def test_a_table_of_quartiers(tmp_path: Path) -> None:
    found = draft(tmp_path, QUARTIERS)
    contract = found.contract
    assert contract.territory.level == "quartier"
    assert contract.territory.zoning == "QPV2015"
    assert contract.keys == ["code_territoire"]
    assert (contract.read.separator, contract.read.decimal) == (";", ",")
    assert contract.read.thousands == "space"
    assert contract.vintages["2021"].years == {"donnees": 2021}
    assert contract.vintages["2021"].inferred == ["donnees"]
    assert contract.vintages["2021"].rows == 40
    kinds = {n: (c.type, c.role, c.unit) for n, c in contract.columns.items()}
    assert kinds == {
        "code_territoire": ("code", "key", None),
        "libelle": ("text", "attribute", None),
        "taux_chom_pct": ("decimal", "measure", "%"),
        "nombre_menages": ("integer", "measure", "à compléter"),
        "note_x": ("code", "note", None),
    }
    assert loaded(found, tmp_path) == (40, 0)


def test_every_guess_gives_its_evidence(tmp_path: Path) -> None:
    found = draft(tmp_path, QUARTIERS)
    assert remark(found, "encoding:") == "deviné : ASCII, que tout encodage lit"
    assert remark(found, "separator:").startswith("deviné : point-virgule : 5 cellules dans 41 ")
    assert remark(found, "decimal:") == "deviné : 40 nombre(s) à virgule, 0 à point"
    assert remark(found, "thousands:") == "deviné : 40 nombre(s) aux milliers groupés"
    assert remark(found, "rows:").startswith("deviné : 40 lignes dans ce fichier")
    assert remark(found, "columns:") == "deviné : la clé, 40 valeurs, toutes différentes"
    assert remark(found, "taux_chom_pct:") == "deviné : 40 nombres entre 0 et 100"
    for name in ("title", "producer", "licence", "citation", "page"):
        assert f"\n{name}: à compléter\n" in found.text
    columns = found.text.split("columns:")[1].split("ignore:")[0].splitlines()[1:]
    assert all("# deviné : " in line for line in columns)


def test_rows_of_totals_are_control_rows(tmp_path: Path) -> None:
    found = draft(tmp_path, QUARTIERS + "Ensemble;Tous;12,5;9 999;\n")
    assert found.contract.control_rows == {"code_territoire": ["Ensemble"]}
    assert found.contract.vintages["2021"].rows == 40
    assert loaded(found, tmp_path) == (40, 0)


@pytest.mark.parametrize(
    ("codes", "level", "zoning"),
    [
        (["QN07801M", "QN02A01N", "QN97101I"], "quartier", "QPV2024"),
        (["786210101", "2A0040101", "010040101"], "iris", "IRIS"),
        (["78621", "2A004", "01004"], "commune", "COMMUNE"),
        (["200058782", "247800451", "240100883"], "epci", "EPCI"),
        (["78", "2A", "971"], "departement", "DEPARTEMENT"),
        (["11", "84", "04"], "region", "REGION"),
        (["00588003400011", "00600356000015", "12345678901234"], "etablissement", None),
        (["Trappes", "Plaisir", "Maurepas"], "libelle", None),
    ],
)
def test_the_level_of_the_territory(
    codes: list[str], level: str, zoning: str | None, tmp_path: Path
) -> None:
    lines = "".join(f"{code};{n},5\n" for n, code in enumerate(codes))
    found = draft(tmp_path, "CODGEO;VALEUR\n" + lines)
    assert (found.contract.territory.level, found.contract.territory.zoning) == (level, zoning)
    assert loaded(found, tmp_path) == (3, 0)


def test_a_siren_is_no_iris(tmp_path: Path) -> None:
    content = "siren;siret\n" + rows(3, "00588003{n}", "00588003{n}00011")
    assert draft(tmp_path, content).contract.territory.level == "etablissement"


def test_the_smallest_key_of_several_columns(tmp_path: Path) -> None:
    lines = [
        f"{code};{year};{sex};{len(code) + year}\n"
        for code in ("78621", "78490", "78383")
        for year in (2020, 2021)
        for sex in ("Femmes", "Hommes")
    ]
    found = draft(tmp_path, "commune;annee;sexe;effectif\n" + "".join(lines))
    assert found.contract.keys == ["code_territoire", "annee", "sexe"]
    assert found.contract.period == "annee"
    assert remark(found, "columns:") == (
        "deviné : la clé, aucune répétition de ces colonnes prises ensemble"
    )


def test_no_key_is_said(tmp_path: Path) -> None:
    found = draft(tmp_path, "theme;nombre\n" + "Santé;1\n" * 4)
    assert "aucune clé trouvée : à compléter" in remark(found, "columns:")


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("NB", ["12", "0", "-4"], "integer"),
        ("CODE_X", ["12", "3", "4"], "code"),
        ("X", ["012", "03", "4"], "code"),
        ("X", ["1,5", "2", "3"], "decimal"),
        ("X", ["A12", "B34", "C56"], "code"),
        ("X", ["Oui", "Non", "Oui"], "text"),
        ("X", ["2020-01", "2020-02", "2020-03"], "code"),
        ("annee", ["2019", "2020", "2021"], "code"),
        ("nombre", ["2019", "2020", "2021"], "integer"),
        ("X", ["123456789", "223456789", "323456789"], "code"),
        ("X", ["1,5", "2.5", "3"], "text"),
    ],
)
def test_types(header: str, cells: list[str], kind: str, tmp_path: Path) -> None:
    lines = "".join(f"QP07800{n};{cell}\n" for n, cell in enumerate(cells))
    found = draft(tmp_path, f"CODGEO;{header}\n{lines}")
    (column,) = [c for c in found.contract.columns.values() if c.raw == [header]]
    assert column.type == kind
    assert loaded(found, tmp_path) == (3, 0)


def test_codes_that_lost_their_zero_are_told(tmp_path: Path) -> None:
    content = "CODE_INSEE;NB\n" + "1001;5\n78621;6\n2004;7\n"
    assert "des zéros initiaux sont sans doute perdus" in draft(tmp_path, content).text


def test_marks_of_what_is_not_given(tmp_path: Path) -> None:
    content = "CODGEO;NB;LIB\n" + rows(8, "QP07800{n}", "1{n}", "s")
    content += "QP078010;ns;s\nQP078011;N/C;s\nQP078012;///;s\n"
    found = draft(tmp_path, content)
    assert found.contract.marks == {
        "///": "non_disponible",
        "N/C": "non_communique",
        "ns": "non_significatif",
    }
    assert found.contract.columns["nombre"].type == "integer"
    assert found.contract.columns["libelle"].type == "text"
    assert loaded(found, tmp_path) == (11, 0)


def test_the_ends_of_names_are_those_of_the_edition(tmp_path: Path) -> None:
    content = "CODGEO;TP6021;GI21;S80S2021\n" + rows(3, "QP07800{n}", "1,5", "0,3", "4")
    found = draft(tmp_path, content)
    assert found.contract.vintages["2021"].suffix == "21"
    assert [c.raw[0] for c in found.contract.columns.values()] == ["CODGEO", "TP60", "GI", "S80S20"]
    assert loaded(found, tmp_path) == (3, 0)


def test_the_long_ends_of_names(tmp_path: Path) -> None:
    content = "code_qp;tp60_a21;gi_a21\n" + rows(3, "QP07800{n}", "1,5", "0,3")
    assert draft(tmp_path, content).contract.vintages["2021"].suffix == "_a21"


def test_empty_columns_are_ignored(tmp_path: Path) -> None:
    found = draft(tmp_path, "CODGEO;VIDE\n" + rows(3, "QP07800{n}", ""))
    assert found.contract.ignore == ["VIDE"]
    assert remark(found, "- VIDE") == "deviné : toujours vide"


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        draft(tmp_path, "CODGEO;NB;NB\n" + rows(3, "QP07800{n}", "1", "2"))
    assert refused.value.rule == "colonne_en_double"


SECRETS = ["Durand", "Zoé", "zoe@exemple.fr", "06 12 34 56 78", "1978-05-04", "278057862100142"]


def test_nothing_that_names_people_is_repeated(tmp_path: Path) -> None:
    header = "Nom;Prénom;Contact;Joindre;Date de naissance;N° allocataire;Quartier;Visites"
    content = f"{header}\n" + rows(5, *SECRETS, "Friches", "{n}")
    found = draft(tmp_path, content)
    assert not any(secret in found.text for secret in SECRETS)
    assert found.contract.dropped == header.split(";")[:6]
    for name in found.contract.dropped:
        assert remark(found, f"- {written(name)}") == "colonne peut-être personnelle"
    assert found.contract.may_hold_personal_data
    assert found.contract.unknown_columns == "refuse"
    assert set(found.contract.columns) == {"territoire", "visites"}


def test_cells_betray_people_whatever_the_name(tmp_path: Path) -> None:
    content = "A;B;C;D\n" + rows(5, "0612345{n}78", "x{n}@y.fr", "27805786210014{n}", "{n}")
    assert draft(tmp_path, content).contract.dropped == ["A", "B", "C"]


@pytest.mark.parametrize(
    "name", ["NOM_COM", "nom_qp", "Nom commune", "Nombre d'allocataires", "allocataires_CAF"]
)
def test_places_and_counts_are_not_people(name: str, tmp_path: Path) -> None:
    found = draft(tmp_path, f"CODGEO;{name}\n" + rows(3, "QP07800{n}", "7{n}"))
    assert found.contract.ignore == found.contract.dropped == []
    assert not found.contract.may_hold_personal_data


def test_a_workbook_with_titles_codes_and_labels(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Quartiers"
    for row in (
        ["Estimations démographiques"],
        [],
        ["qp", "P", "tx_x"],
        ["Code du quartier", "Nombre de personnes", "Part des étrangers (%)"],
        ["QP078001", 1234, 12.5],
        ["QP078002", 99, 7],
    ):
        sheet.append(row)
    book.save(tmp_path / "essai_2021.xlsx")
    found = draft_contract(tmp_path / "essai_2021.xlsx", tmp_path)
    contract = found.contract
    assert (contract.read.sheet, contract.read.header_row, contract.read.label_rows) == (
        "Quartiers",
        3,
        1,
    )
    labels = {name: column.label for name, column in contract.columns.items()}
    assert labels == {
        "code_territoire": "Code du quartier (2015)",
        "nombre_personnes": "Nombre de personnes",
        "part_etrangers_pct": "Part des étrangers (%)",
    }
    assert loaded(found, tmp_path) == (2, 0)


@pytest.mark.parametrize(
    ("name", "edition", "pattern"),
    [
        ("DEMO_2019.csv", "2019", "DEMO_{vintage}.csv"),
        ("FILO2017_DISP_EPCI.csv", "2017", "FILO{vintage}_DISP_EPCI.csv"),
        ("bpe18_ensemble.zip", "2018", "bpe{yy}_ensemble.zip"),
        ("cv_2015_2023.geojson", "2023", "cv_2015_{vintage}.geojson"),
        ("fs_2020-01-31.csv", "2020", "fs_{vintage}-*.csv"),
        ("fs_2020-10.csv", "2020", "fs_{vintage}-*.csv"),
    ],
)
def test_the_edition_in_a_name(name: str, edition: str, pattern: str, tmp_path: Path) -> None:
    found = edition_in(name)
    assert found is not None
    assert (found.vintage, found.pattern) == (edition, pattern)


@pytest.mark.parametrize("name", ["EPCI.csv", "iris_78.geojson", "qp.csv", "export_123456.csv"])
def test_a_name_may_say_nothing_of_the_edition(name: str, tmp_path: Path) -> None:
    assert edition_in(name) is None
    found = draft(tmp_path, QUARTIERS, name.replace(".geojson", ".csv"))
    assert list(found.contract.vintages) == ["à compléter"]
    assert found.contract.claim_of(found.sample.name) is not None


@pytest.mark.parametrize(
    ("raw", "unit", "name"),
    [
        ("NB_MEN", None, "nombre_menages"),
        ("partPopEt", "%", "part_population_et_pct"),
        ("Montant total (€)", "€", "montant_total_eur"),
        ("Nombre d’allocataires de la CAF", None, "nombre_allocataires_caf"),
        ("0A24", None, "colonne_0a24"),
        ("€", None, "colonne"),
        ("Pourcentage de femmes", "%", "femmes_pct"),
    ],
)
def test_canonical_names(raw: str, unit: str | None, name: str) -> None:
    assert canonical(raw, unit) == name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


def test_a_name_is_taken_once() -> None:
    taken: set[str] = set()
    assert [distinct("a", taken) for _ in range(3)] == ["a", "a_2", "a_3"]
    assert words_of("TX_TOT_0A24") == ["tx", "tot", "0a24"]


@pytest.mark.parametrize(
    "value",
    [
        "simple",
        "Date référence",
        "Q3/Q1",
        "oui : non",
        "a, b",
        "no",
        "2021",
        "% de femmes",
        "- tiret",
        "l'un",
        'dit "la Cité"',
        r"\d{2}|2[AB]",
        "x #y",
        "x ",
        "été {n}",
        True,
        12,
        0.5,
        [],
        ["a", "b, c"],
        {"a": {"b": ["c", 1]}, "2021": "no"},
    ],
)
def test_values_are_read_back_as_they_were(value: object) -> None:
    assert yaml.safe_load(f"x: {written(value)}") == {"x": value}
    assert yaml.safe_load(f"{{x: {written(value)}, y: 1}}") == {"x": value, "y": 1}


def test_a_draft_is_a_contract(tmp_path: Path) -> None:
    found = draft(tmp_path, QUARTIERS)
    assert Contract.model_validate(yaml.safe_load(found.text)) == found.contract
    assert found.contract.to_confirm == (
        "Brouillon préparé d'après le seul fichier essai_2021.csv : rien n'est vérifié."
    )
