"""Contracts read, hold together, and say what the producers' files have."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.contract import CONTRACTS, Contract, ContractError, contracts, read_contract
from tests.fixtures.contracts import SMALL, revised, small_column, small_contract
from tests.fixtures.tables import table_of

PATHS = sorted(CONTRACTS.glob("*/*.yml"))
DATASETS = sorted(contracts())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_contract_reads(path: Path) -> None:
    contract = read_contract(path)
    assert contract.dataset == f"{path.parent.name}.{path.stem}"
    assert contracts()[contract.dataset] == contract


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_measure_is_dated_in_every_vintage(dataset: str) -> None:
    contract = contracts()[dataset]
    for vintage, known in contract.vintages.items():
        for name, column in contract.columns_of(vintage).items():
            if column.role == "measure" and not contract.period:
                assert column.year, f"{name} has no family of years"
                assert known.years[column.year] <= int(vintage), f"{name} {vintage}"


@pytest.mark.parametrize("dataset", DATASETS)
def test_only_counts_are_additive(dataset: str) -> None:
    for name, column in contracts()[dataset].columns.items():
        if column.additive:
            assert column.role == "measure", name
            assert column.unit not in ("%", "ratio", "indice"), name


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_measure_says_its_unit_and_its_meaning(dataset: str) -> None:
    for name, column in contracts()[dataset].columns.items():
        assert column.label.strip(), name
        assert (column.unit is not None) == (column.role == "measure"), name


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_expected_vintage_is_known(dataset: str) -> None:
    contract = contracts()[dataset]
    if contract.expected and not contract.period:
        assert contract.expected.vintage == max(contract.vintages)
        assert contract.expected.by > date(int(contract.expected.vintage), 12, 31)


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_key_of_the_territory_is_a_key(dataset: str) -> None:
    contract = contracts()[dataset]
    # An activity may have no known place.
    assert contract.origin == "depot" or contract.territory.key in contract.keys


Spoil = Callable[[dict[str, Any]], object]


def column(name: str, **changes: Any) -> Spoil:
    return lambda contract: contract["columns"][name].update(changes)


UNFOLD = {
    "labels": ["CODE"],
    "across": ["PART"],
    "months": "PART",
    "year": "2022",
    "value": "HAB",
}
# What is wrong whatever the other entries say: the JSON Schema refuses it too.
STRUCTURAL: dict[str, tuple[Spoil, str]] = {
    "no title": (lambda c: c.pop("title"), "title : entrée obligatoire, absente"),
    "an entry nobody knows": (lambda c: c.update(titre="x"), "titre : entrée inconnue"),
    "a dataset without producer": (
        lambda c: c.update(dataset="quartiers"),
        "dataset : « quartiers », la forme attendue est ",
    ),
    "a dataset in capitals": (lambda c: c.update(dataset="Insee.demo"), "dataset : « Insee.demo »"),
    "a cadence nobody knows": (
        lambda c: c.update(cadence="weekly"),
        "cadence : « weekly », est attendu l'un de monthly, quarterly, yearly, irregular",
    ),
    "a level nobody knows": (
        lambda c: c["territory"].update(level="rue"),
        "territory.level : « rue », est attendu l'un de quartier, iris, commune, ",
    ),
    "a format nobody reads": (lambda c: c["read"].update(format="ods"), "read.format : « ods »"),
    "an encoding nobody reads": (
        lambda c: c["read"].update(encoding="latin1"),
        "read.encoding : « latin1 », est attendu l'un de utf-8, cp1252, mixed",
    ),
    "a decimal mark nobody reads": (
        lambda c: c["read"].update(decimal="'"),
        "read.decimal : « ' »",
    ),
    "thousands by commas": (lambda c: c["read"].update(thousands=","), "read.thousands : « , »"),
    "a header above the first line": (
        lambda c: c["read"].update(header_row=0),
        "read.header_row : « 0 », au moins 1 est attendu",
    ),
    "a header that is no number": (
        lambda c: c["read"].update(header_row="six"),
        "read.header_row : « six », un nombre entier est attendu",
    ),
    "a file that is no name": (lambda c: c.update(files=[["essai_{vintage}.csv"]]), "files.0 : "),
    "fewer rows than none": (
        lambda c: c["rows"].update(min=-1),
        "rows.min : « -1 », au moins 0 est attendu",
    ),
    "an edition of fewer rows than none": (
        lambda c: c["vintages"]["2020"].update(rows=-3),
        "vintages.2020.rows : « -3 », au moins 0 est attendu",
    ),
    "a separator of two letters": (
        lambda c: c["read"].update(separator=";;"),
        "read.separator : « ;; », au plus 1 caractère(s) sont attendus",
    ),
    "no upper bound": (lambda c: c["rows"].pop("max"), "rows.max : entrée obligatoire, absente"),
    "bounds that are a number": (
        lambda c: c.update(rows=12),
        "rows : « 12 », des entrées « nom: valeur » sont attendues",
    ),
    "a larger share than all": (
        lambda c: c["rows"].update(quarantine_max=1.01),
        "rows.quarantine_max : « 1.01 », au plus 1 est attendu",
    ),
    "a share that is no number": (
        lambda c: c["rows"].update(quarantine_max="beaucoup%"),
        "rows.quarantine_max : « beaucoup% », un nombre est attendu",
    ),
    "no vintage": (
        lambda c: c.pop("vintages"),
        "contrat : il faut vintages, ou vintage_pattern, et non les deux",
    ),
    "vintages known and unknown": (
        lambda c: c.update(vintage_pattern="2.*"),
        "contrat : il faut vintages, ou vintage_pattern, et non les deux",
    ),
    "a year that is no number": (
        lambda c: c["vintages"]["2020"]["years"].update(rp="2017-2018"),
        "vintages.2020.years.rp : « 2017-2018 », un nombre entier est attendu",
    ),
    "neither yes nor no": (
        lambda c: c["vintages"]["2020"].update(provisional="peut-être"),
        "vintages.2020.provisional : « peut-être », true ou false est attendu",
    ),
    "a column without name in the file": (
        lambda c: c["columns"]["code"].pop("raw"),
        "columns.code : il faut raw, ou joined, et non les deux",
    ),
    "a column found in two ways": (
        column("code", joined=["DEP", "COM"]),
        "columns.code : il faut raw, ou joined, et non les deux",
    ),
    "a type nobody knows": (
        column("code", type="date"),
        "columns.code.type : « date », est attendu l'un de code, text, ",
    ),
    "a role nobody knows": (column("code", role="index"), "columns.code.role : « index »"),
    "a status nobody knows": (
        column("part_pct", blank="zero"),
        "columns.part_pct.blank : « zero »",
    ),
    "a label that is a list": (column("code", label=["Code"]), "columns.code.label : un texte "),
    "values that are no list": (
        column("code", allowed="A"),
        "columns.code.allowed : « A », une liste est attendue",
    ),
    "names of something else": (
        column("code", names="communes"),
        "columns.code.names : « communes », est attendu l'un de territories",
    ),
    "a meaning of a note nobody knows": (
        column("code", statuses={"6": "rien"}),
        "columns.code.statuses.6 : « rien »",
    ),
    "unknown columns left to chance": (
        lambda c: c.update(unknown_columns="keep"),
        "unknown_columns : « keep », est attendu l'un de warn, refuse",
    ),
    "a sheet unfolded without labels": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"labels": []}}),
        "read.unfold.labels : ",
    ),
    "a word of unfolding nobody knows": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"mois": "x"}}),
        "read.unfold.mois : entrée inconnue",
    ),
    "months of no year": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"year": "vingt"}}),
        "read.unfold.year : « vingt », la forme attendue est ",
    ),
    "totals that miss by less than nothing": (
        lambda c: c.update(
            read={"format": "xlsx", "unfold": UNFOLD | {"totals": {"tolerance": -1}}}
        ),
        "read.unfold.totals.tolerance : « -1 », au moins 0 est attendu",
    ),
    "a date that is none": (
        lambda c: c.update(expected={"vintage": "2021", "by": "bientôt"}),
        "expected.by : « bientôt », une date est attendue (AAAA-MM-JJ)",
    ),
}
# Entries that do not agree with one another.
CONTRADICTORY: dict[str, tuple[Spoil, str]] = {
    "no file name": (
        lambda c: c.update(files=[]),
        "files : il faut un nom de fichier, ici ou pour chaque édition",
    ),
    "a file name that says nothing of the edition": (
        lambda c: c.update(files=["essai.csv"]),
        "files : « essai.csv » ne dit pas l'édition ({vintage} ou {yy})",
    ),
    "a territory without column": (
        lambda c: c["territory"].update(key="quartier"),
        "territory.key : « quartier » n'est pas une colonne",
    ),
    "a period without column": (
        lambda c: c.update(period="mois"),
        "period : « mois » n'est pas une colonne",
    ),
    "a deduced year that is not given": (
        lambda c: c["vintages"]["2020"].update(inferred=["cnaf"]),
        "vintages.2020.inferred : familles sans année dans years : cnaf",
    ),
    "a measure without its year": (
        lambda c: c["vintages"]["2020"].update(years={}),
        "columns.habitants.year : l'édition 2020 n'a pas d'année « rp » dans years",
    ),
    "a note that is no column": (
        column("part_pct", note="note_rp"),
        "columns.part_pct.note : « note_rp » n'est pas une colonne",
    ),
    "a pattern that is none": (
        column("code", pattern="(QP"),
        "columns.code.pattern : cette expression régulière ne se lit pas",
    ),
    "a pattern that the engine does not know": (
        column("code", pattern="(?!QP).*"),
        "columns.code.pattern : DuckDB ne connaît ni (?=",
    ),
    "a name in the file for two columns": (
        column("part_pct", raw=["PART", "HAB"]),
        "columns.part_pct.raw : « HAB » est déjà celle de « habitants » en 2020",
    ),
    "a text file unfolded": (
        lambda c: c["read"].update(unfold=UNFOLD),
        "read : unfold demande le format xlsx",
    ),
    "months that are no row of the header": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"months": "Jour"}}),
        "read.unfold : months : « Jour » n'est ni dans labels, ni dans across",
    ),
    "months without their year": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"year": None}}),
        "read.unfold : il faut months et year, ou aucun des deux",
    ),
    "a name for two things in a sheet": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"ignore": ["HAB"]}}),
        "read.unfold : un même nom sert deux fois",
    ),
    "figures that become no column": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD | {"value": "NB"}}),
        "read.unfold : « NB » n'est le raw d'aucune colonne",
    ),
    "a sheet kept by hand that is said to name nobody": (
        lambda c: c.update(read={"format": "xlsx", "unfold": UNFOLD}),
        "may_hold_personal_data : une feuille tenue à la main peut désigner des personnes",
    ),
    "a quantity that is no measure": (
        column("code", type="quantity"),
        "columns.code.role : une quantité est une mesure (measure)",
    ),
    "names that are no text": (
        column("code", names="territories"),
        "columns.code.type : des noms sont du texte (text)",
    ),
    "control rows of no column": (
        lambda c: c.update(control_rows={"libelle": ["Ensemble"]}),
        "control_rows.libelle : « libelle » n'est pas une colonne",
    ),
}
BAD = STRUCTURAL | CONTRADICTORY


def written(folder: Path, contract: object) -> Path:
    path = folder / "essai" / "quartiers.yml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    return path


def test_the_good_twin_reads(tmp_path: Path) -> None:
    assert read_contract(written(tmp_path, SMALL)) == small_contract()


@pytest.mark.parametrize("case", BAD)
def test_a_bad_contract_is_refused_by_its_file_and_entry(case: str, tmp_path: Path) -> None:
    spoil, said = BAD[case]
    contract = deepcopy(SMALL)
    spoil(contract)
    with pytest.raises(ContractError) as refused:
        read_contract(written(tmp_path, contract))
    assert "Contrat essai/quartiers.yml" in str(refused.value)
    assert said in str(refused.value)


LINES = """\
dataset: essai.quartiers
title: Essai
territory: {level: quartier, key: code}
files:
  - essai_{vintage}.csv
  - nom: autre.csv
vintages:
  2020:
    years: {rp: 2017}
  2021: {years: {rp: deux mille}}
columns:
  code: {raw: CODE, type: code, role: key, label: Code}
  habitants:
    raw: HAB
    type: nombre
    label: Habitants
"""


def test_each_fault_is_told_by_its_line(tmp_path: Path) -> None:
    """A nested entry, an item of a list, what is missing, what is not known."""
    path = written(tmp_path, None)
    path.write_text(LINES, encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        read_contract(path)
    where = "Contrat essai/quartiers.yml, ligne"
    types = "code, text, integer, decimal, geometry, quantity, period"
    assert str(refused.value).splitlines() == [
        *(
            f"{where} 1, {name} : entrée obligatoire, absente."
            for name in ("producer", "licence", "citation", "page", "cadence")
        ),
        f"{where} 6, files.1.name : entrée obligatoire, absente.",
        f"{where} 6, files.1.nom : entrée inconnue.",
        f"{where} 1, read : entrée obligatoire, absente.",
        f"{where} 1, rows : entrée obligatoire, absente.",
        f"{where} 10, vintages.2021.years.rp : « deux mille », un nombre entier est attendu.",
        f"{where} 15, columns.habitants.type : « nombre », est attendu l'un de {types}.",
        f"{where} 13, columns.habitants.role : entrée obligatoire, absente.",
    ]


def test_entries_that_disagree_are_told_by_their_line(tmp_path: Path) -> None:
    contract = deepcopy(SMALL)
    column("part_pct", note="note_rp")(contract)
    path = written(tmp_path, contract)
    (line,) = [
        number
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "note_rp" in text
    ]
    with pytest.raises(ContractError, match=rf"quartiers\.yml, ligne {line}, columns\.part_pct"):
        read_contract(path)


NOT_YAML = {
    "title: Essai\ndataset: [": "ligne 2, colonne 11 : le YAML ne se lit pas ici, vérifiez le ",
    "title: Essai\n\tdataset: x": "ligne 2, colonne 1 : le YAML ne se lit pas ici, une tabulation",
    "title: Essai : deux": "ligne 1, colonne 14 : le YAML ne se lit pas ici, vérifiez le décalage",
    "title: Essai\nvintages:\n  2020: {}\n  '2020': {}": "ligne 4, colonne 3 : « 2020 » est déjà",
    "title: Essai\n[dataset]: x": "ligne 2, colonne 1 : le YAML ne se lit pas ici, vérifiez le",
    "title: \x00": "le fichier n'est pas du texte YAML",
    "": "ligne 1, contrat : des entrées « nom: valeur » sont attendues",
    "- a": "ligne 1, contrat : des entrées « nom: valeur » sont attendues",
}


@pytest.mark.parametrize("text", NOT_YAML)
def test_what_is_no_contract_is_refused_by_its_file_and_line(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, None)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        read_contract(path)
    assert str(refused.value).startswith(f"Contrat essai/quartiers.yml, {NOT_YAML[text]}")


def test_names_of_editions_are_text(tmp_path: Path) -> None:
    # `2019:` in YAML is a number, and so is `suffix: 19`.
    contract = deepcopy(SMALL)
    contract["vintages"] = {2019: {"years": {"rp": 2016}, "suffix": 19}}
    contract["columns"]["part_pct"] |= {"raw": 2019, "since": 2019}
    read = read_contract(written(tmp_path, contract))
    assert read.vintages["2019"].suffix == "19"
    assert read.columns["part_pct"].raw == [read.columns["part_pct"].since] == ["2019"]


@pytest.mark.parametrize(
    ("written_as", "share"), [("1%", 0.01), ("0.1%", 0.001), ("0,1%", 0.001), (0.5, 0.5)]
)
def test_a_share_may_be_a_percentage(written_as: object, share: float) -> None:
    rows = {"min": 0, "max": 1, "quarantine_max": written_as}
    assert small_contract(rows=rows).rows.quarantine_max == pytest.approx(share)


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("essai_2021.csv", ("2021", 1)),
        ("ESSAI_2021.CSV", ("2021", 1)),
        ("autre+2020.csv", ("2020", 2)),
        ("données_2020.csv", ("2020", 3)),
        ("donne\u0301es_2020.csv", ("2020", 3)),
        ("essai_21.csv", None),
        ("essai_2021.csv.tmp", None),
        ("mon_essai_2021.csv", None),
        ("essai_2021xcsv", None),
        ("autre2020.csv", None),
    ],
)
def test_the_vintage_that_a_name_claims(name: str, claim: tuple[str, int] | None) -> None:
    files = ["essai_{vintage}.csv", "autre+{vintage}.csv", "données_{vintage}.csv"]
    assert small_contract(files=files).claim_of(name) == claim


def test_an_operators_vintage_is_its_name_and_period() -> None:
    contract = contracts()["operateurs.activite_agregee"]
    assert contract.claim_of("Activite_MJD_2021-03.XLSX") == ("mjd_2021-03", 1)
    assert contract.claim_of("activite_mjd.xlsx") is None
    assert contract.claim_of("activite_../x_2021.xlsx") is None


def test_the_names_of_an_edition_take_the_place_of_the_datasets() -> None:
    contract = small_contract(
        files=["essai_{vintage}.csv"],
        vintages={
            "2020": {"years": {"rp": 2017}, "files": ["Grand Essai.csv", "essai_abîmé.csv"]},
            "2021": {"years": {"rp": 2018}},
        },
    )
    assert contract.claim_of("grand essai.CSV") == ("2020", 1)
    assert contract.claim_of("essai_abi\u0302me\u0301.csv") == ("2020", 2)
    assert contract.claim_of("essai_2021.csv") == ("2021", 1)
    assert contract.claim_of("essai_2022.csv") == ("2022", 1)
    assert contract.claim_of("essai_2020.csv") is None
    assert [delivery.name for delivery in contract.deliveries_of("2021")] == ["essai_{vintage}.csv"]
    assert len(contract.deliveries_of("2020")) == 2


def test_a_dataset_may_have_no_name_but_those_of_its_editions() -> None:
    contract = small_contract(
        files=[],
        vintages={
            "nord_2020": {"years": {"rp": 2017}, "files": "extrait_nord.csv"},
            "sud_2020": {"years": {"rp": 2017}, "files": "extrait_sud*.csv"},
        },
    )
    assert contract.claim_of("extrait_nord.csv") == ("nord_2020", 1)
    assert contract.claim_of("extrait_sud (2).csv") == ("sud_2020", 1)
    assert contract.claim_of("extrait_est.csv") is None


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("essai18_a.zip", ("2018", 1)),
        ("ESSAI07_B.ZIP", ("2007", 2)),
        ("essai2018_a.zip", None),
        ("essai8_a.zip", None),
    ],
)
def test_two_digits_name_an_edition_of_this_century(
    name: str, claim: tuple[str, int] | None
) -> None:
    contract = small_contract(files=["essai{yy}_a.zip", "essai{yy}_b.zip"])
    assert contract.claim_of(name) == claim


def test_an_edition_then_its_delivery_change_how_a_file_is_read() -> None:
    xls = {"format": "xls", "sheet": "Données", "header_row": 7, "separator": "\t"}
    contract = small_contract(
        files=["essai_{vintage}.csv", {"name": "essai_{vintage}.xls", "read": xls}],
        read={"thousands": "space", "header_row": 3},
        vintages={
            "2020": {"years": {"rp": 2017}},
            "2021": {"years": {"rp": 2018}, "read": {"separator": ",", "encoding": "cp1252"}},
        },
    )

    def reading(name: str) -> tuple[str, str, str, int, str | None]:
        claim = contract.claim_of(name)
        assert claim
        read = contract.reading_of(claim)
        return read.format, read.separator, read.encoding, read.header_row, read.thousands

    assert reading("essai_2020.csv") == ("csv", ";", "utf-8", 3, "space")
    assert reading("essai_1999.csv") == ("csv", ";", "utf-8", 3, "space")
    assert reading("essai_2021.csv") == ("csv", ",", "cp1252", 3, "space")
    assert reading("essai_2020.xls") == ("xls", "\t", "utf-8", 7, "space")
    # Where both speak, the delivery has the last word.
    assert reading("essai_2021.xls") == ("xls", "\t", "cp1252", 7, "space")


def test_the_fingerprint_follows_what_is_said_not_how(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    before = read_contract(path).fingerprint
    path.write_text("# Une remarque\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_contract(path).fingerprint == before
    changed = small_contract(columns=small_column("part_pct", label="Autre"))
    assert changed.fingerprint != before


def gap(path: Path, contract: Contract) -> tuple[set[str], set[str]]:
    """What the contract expects in vain, and what the file has that the contract ignores."""
    claim = contract.claim_of(path.name)
    assert claim
    suffix = contract.vintages[claim[0]].suffix if contract.vintages else None
    names, _ = table_of(path, contract)
    header = {name.removesuffix(suffix or "") for name in names if name}
    columns = contract.columns_of(claim[0]).values()
    missing = {c.spellings[0] for c in columns if not header & set(c.spellings) and not c.optional}
    return missing, header - {name for c in columns for name in c.spellings} - {
        *contract.ignore,
        *contract.dropped,
    }


def known_files(folder: Path, contract: Contract) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        claim = contract.claim_of(path.name)
        if claim and (not contract.vintages or claim[0] in contract.vintages):
            found.append(path)
    return found


@pytest.mark.real
@pytest.mark.parametrize("dataset", [d for d in DATASETS if contracts()[d].origin != "depot"])
def test_contracts_have_the_headers_of_the_real_files(dataset: str, real_files: Path) -> None:
    contract = contracts()[dataset]
    found = known_files(real_files, contract)
    editions = {claim.vintage for path in found if (claim := contract.claim_of(path.name))}
    # No file of a layout known from its documentation has come yet.
    assert editions == set(contract.vintages) or (contract.to_confirm and not found)
    gaps = {path.name: gap(path, contract) for path in found}
    assert {name: missing for name, (missing, _) in gaps.items() if missing} == {}
    unheard = {name for _, unknown in gaps.values() for name in unknown}
    # Every column that no one asked for is a warning at each load: rows of the whole country.
    assert contract.unknown_columns == "warn" or not unheard


@pytest.mark.real
@pytest.mark.parametrize("dataset", [d for d in DATASETS if contracts()[d].origin != "depot"])
def test_bounds_hold_the_real_files(dataset: str, real_files: Path) -> None:
    contract = contracts()[dataset]
    control = {value for values in contract.control_rows.values() for value in values}
    for path in known_files(real_files, contract):
        _, rows = table_of(path, contract)
        count = sum(control.isdisjoint(row) for row in rows)
        assert contract.rows.min <= count <= contract.rows.max, path.name


def test_a_file_of_another_layout_is_noticed(tmp_path: Path) -> None:
    """The comparison with the real files is shown two that differ."""
    contract = revised(small_contract())
    path = tmp_path / "essai_2021.csv"
    path.write_text("\ufeffCODE;LIBELLE;POP;PARTS;;\n", encoding="utf-8")
    assert gap(path, contract) == ({"PART"}, {"PARTS"})
    path.write_text("CODE;HAB;PART\n", encoding="utf-8")
    assert gap(path, contract) == (set(), set())


def test_a_contract_in_another_encoding_is_refused_by_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "quartiers.yml"
    path.write_bytes("dataset: essai.quartiers\ntitle: Activité\n".encode("cp1252"))
    with pytest.raises(ContractError, match=r"quartiers\.yml, ligne 2 : enregistrez-le en UTF-8"):
        read_contract(path)
