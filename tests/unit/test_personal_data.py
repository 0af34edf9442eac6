"""What betrays a person is found, what only looks like it is not, and nothing is repeated."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contract import Contract
from ingestion.personal_data import refuse_nominative, refuse_personal_data
from ingestion.readers.cells import Reading
from ingestion.refusal import Refusal
from tests.fixtures.contracts import small_contract

NIR, PHONE = "un numéro de sécurité sociale", "un numéro de téléphone"
MAIL, BIRTH = "une adresse électronique", "une date de naissance"
BENEFIT, NAME = "un numéro d'allocataire", "un nom de personne"

FOUND = {
    "1 84 12 76 451 089 46": NIR,
    "184127645108946": NIR,
    "Mme D., 2 55 08 14 168 025 38": NIR,
    "1 85 05 2A 004 084 95": NIR,  # Corsica, with its key
    "185052B00408425": NIR,
    "2-85-05-78-911-084": NIR,  # without its key, as a hand writes it
    "06 12 34 56 78": PHONE,
    "tél. 01.30.44.12.34": PHONE,
    "+33 6 12 34 56 78": PHONE,
    "+33(0)612345678": PHONE,
    "0612345678": PHONE,
    "tel0611223344": PHONE,
    "06  55 66 77 88": PHONE,
    "06–12–34–56–66": PHONE,
    "06\u200912\u200934\u200956\u200977": PHONE,
    "x(at)exemple.com": MAIL,
    "2850778123456": NIR,  # thirteen digits, as a number
    "Mme\u00a0Tartempion": NAME,
    "MME TARTEMPION": NAME,
    "mme Tartempion": NAME,
    "M Tartempion": NAME,
    "M.Tartempion": NAME,
    "Mme de Tartempion": NAME,
    "tél.0612345678": PHONE,
    "06\u202f12\u202f34\u202f56\u202f78": PHONE,
    "z.tartempion@exemple.fr": MAIL,
    "écrire à Accueil@Mairie-Exemple.fr avant lundi": MAIL,
    "née le 12/05/1962": BIRTH,
    "Né(e) le 3 mai": BIRTH,
    "date de naissance : 12051962": BIRTH,
    "allocataire 1234567": BENEFIT,
    "n° alloc. 1234567 A": BENEFIT,
    "CAF 1234567": BENEFIT,
    "Matricule : 1234567X": BENEFIT,
    "rdv avec Mme Tartempion": NAME,
    "Monsieur ÉLUARD": NAME,
    "M. de": None,
}
CLEAN = [
    "21780621900019",  # a SIRET
    "184127645108946001",  # eighteen digits
    "184127645108947",  # fifteen digits, a wrong key
    "3f2504e0-4f89-11d3-9a0c-0612345678ab",  # an identifier
    "3f2504e04f8911d39a0c0305e82c3301",
    "786210101",  # an IRIS
    "9782070413119",  # a book
    "12,5",
    "2.0612345678",  # a longitude
    "48,0612345678",
    "0.451296411",
    "-0.597586615",
    "1 234 567",
    "01/03/2024",
    "CAF 78, CPAM 78",
    "Accompagnement individuel",
    "rue de la Mère Madame",
    "Maison des solidarités @ Trappes",
    "né à Trappes",
]


def refused(folder: Path, cell: str, contract: Contract | None = None) -> Refusal | None:
    """What is said of a file whose second row has this cell in its third column."""
    parquet = folder / "lignes.parquet"
    with duckdb.connect() as con:
        con.execute("create table t (c0 varchar, c1 varchar, c2 varchar, _row_number bigint)")
        con.executemany(
            "insert into t values (?, ?, ?, ?)",
            [["QP078006", "12", "rien", 2], ["QP078007", "14", cell, 3]],
        )
        con.execute(f"copy t to '{parquet}' (format parquet)")
    reading = Reading(["CODE", "HAB", "REMARQUE"], 2, [])
    try:
        refuse_personal_data(parquet, reading, contract or personal())
    except Refusal as refusal:
        return refusal
    return None


def personal(**changes: object) -> Contract:
    return small_contract(may_hold_personal_data=True, **changes)


@pytest.mark.parametrize("cell", [cell for cell, kind in FOUND.items() if kind])
def test_what_betrays_a_person_is_found(cell: str, tmp_path: Path) -> None:
    refusal = refused(tmp_path, cell)
    assert refusal
    assert refusal.rule == "donnee_personnelle"
    assert f"colonne C, ligne 3 : {FOUND[cell]}" in refusal.message
    assert cell not in refusal.message
    assert refusal.rows_received == 2


@pytest.mark.parametrize("cell", [*CLEAN, *(cell for cell, kind in FOUND.items() if not kind)])
def test_what_only_looks_like_it_is_left(cell: str, tmp_path: Path) -> None:
    assert refused(tmp_path, cell) is None


def nir(sex: int, year: int, month: int, place: str, order: int) -> str:
    """A number with its key, computed apart: Corsica counts as 19 and 18 less their letters."""
    body = f"{sex}{year:02}{month:02}{place}{order:03}"
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02}"


numbers = st.builds(
    nir,
    st.sampled_from([1, 2]),
    st.integers(0, 99),
    st.integers(1, 12),
    st.one_of(
        st.integers(1, 95).filter(lambda n: n != 20).map(lambda n: f"{n:02}001"),
        st.sampled_from(["2A004", "2B033", "97105", "99345"]),
    ),
    st.integers(1, 999),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=numbers, before=st.sampled_from(["", "NIR ", "n°"]), after=st.sampled_from(["", "."]))
def test_every_number_with_its_key_is_found(
    number: str, before: str, after: str, tmp_path: Path
) -> None:
    refusal = refused(tmp_path, f"{before}{number}{after}")
    assert refusal
    assert NIR in refusal.message
    assert number not in refusal.message


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=numbers, shift=st.integers(1, 96))
def test_a_number_with_a_wrong_key_is_not_one(number: str, shift: int, tmp_path: Path) -> None:
    wrong = f"{number[:13]}{(int(number[13:]) + shift - 1) % 97 + 1:02}"
    assert refused(tmp_path, wrong) is None


def test_columns_of_the_contract_are_named_and_places_are_few(tmp_path: Path) -> None:
    parquet = tmp_path / "lignes.parquet"
    duckdb.execute(
        "copy (select '06 12 34 56 78' as c0, '1' as c1, n + 4 as _row_number"
        f" from range(9) as r(n)) to '{parquet}' (format parquet)"
    )
    with pytest.raises(Refusal) as found:
        refuse_personal_data(parquet, Reading(["CODE", "HAB"], 9, []), personal())
    said = found.value.message
    assert "colonne « CODE », ligne 4 : un numéro de téléphone ; colonne « CODE », ligne 5" in said
    assert "ligne 8 : un numéro de téléphone ; et 4 autre(s)" in said


def test_columns_set_aside_by_the_contract_are_not_searched(tmp_path: Path) -> None:
    assert refused(tmp_path, "06 12 34 56 78", personal(dropped=["REMARQUE"])) is None


def test_places_may_be_named_after_people(tmp_path: Path) -> None:
    columns = personal().model_dump(exclude_unset=True)["columns"]
    place = {"raw": "REMARQUE", "type": "text", "role": "attribute", "label": "Lieu"}
    loose = personal(columns=columns | {"lieu": place})
    proper = personal(columns=columns | {"lieu": place | {"proper_names": True}})
    assert refused(tmp_path, "Espace Madame Curie", loose)
    assert refused(tmp_path, "Espace Madame Curie", proper) is None
    assert refused(tmp_path, "06 12 34 56 78", proper)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Prénom", "« Prénom »"),
        ("Nom", "« Nom »"),
        ("Date de naissance de Zéphyrine", "« naissance »"),
        ("N° de sécurité sociale", "« sécurité sociale »"),
        ("Téléphone portable", "« Téléphone »"),
        ("E-mail", "« E-mail »"),
    ],
)
def test_a_column_that_names_people_is_refused(name: str, said: str) -> None:
    with pytest.raises(Refusal) as found:
        refuse_nominative(Reading(["CODE", "HAB", name], 5, []), personal())
    assert found.value.rule == "fichier_nominatif"
    assert f"(colonnes : {said})" in found.value.message
    assert "Zéphyrine" not in found.value.message


def test_a_listed_column_is_refused_and_a_dropped_one_is_not() -> None:
    reading = Reading(["CODE", "HAB", "Notes"], 5, [])
    refuse_nominative(reading, personal())
    with pytest.raises(Refusal, match="« Notes »"):
        refuse_nominative(reading, personal(nominative=["Notes"]))
    refuse_nominative(Reading(["CODE", "Prénom"], 5, []), personal(dropped=["Prénom"]))
    refuse_nominative(Reading(["Nom du lieu", "Genre", "Nombre d'usagers"], 5, []), personal())
