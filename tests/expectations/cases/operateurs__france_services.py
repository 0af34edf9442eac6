"""Good rows of `operateurs__france_services`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, Rows, dataset, first, twice

PLACE: Row = {
    "libelle": "France services d'ici",
    "code_departement": "78",
    "code_commune": "78621",
    "latitude": 48.77888,
    "longitude": 1.988548,
    "horaires_lundi": "9:00 - 12:00 / 13:30 - 17:00",
    "labellisation": "Espace labellisé 01/2020",
}
GOOD: Rows = [
    PLACE | {"code_structure": "458"},
    PLACE | {"code_structure": "temp_155", "labellisation": "Espace labellisé 01/12/2022"},
    PLACE | {"code_structure": "2", "code_departement": "1", "code_commune": "01004"},
    # An island of each sea; neither label, nor point, nor commune.
    PLACE | {"code_structure": "3", "latitude": 46.78, "longitude": -56.17},
    PLACE | {"code_structure": "4", "latitude": -21.1, "longitude": 55.5},
    PLACE
    | dict.fromkeys(["latitude", "longitude", "code_commune", "labellisation"])
    | {"code_structure": "5", "horaires_lundi": "Horaires non communiqués"},
]
# Ten may go, of an extract; eleven may not.
OTHERS: Rows = [PLACE | {"code_structure": f"10{rank:02}"} for rank in range(11)]


def without_hours(rows: Rows) -> Rows:
    return [row | {"horaires_lundi": "78621"} for row in rows[:6]] + rows[6:]


def gone(rows: Rows) -> Rows:
    """Eleven places of the list before under another identifier."""
    return [*rows[:-11], *(row | {"code_structure": f"2{row['code_structure']}"} for row in OTHERS)]


CASE = dataset(
    "operateurs__france_services",
    [*GOOD, *OTHERS],
    {
        "cle_unique": twice,
        "lieux_nommes": first(libelle=None),
        "points_en_france": first(latitude=1.988548, longitude=48.77888),
        "horaires_presents": without_hours,
        "lieux_de_la_liste_precedente": gone,
        "commune_du_departement": first(code_commune="00699"),
        "label_date": first(labellisation="Espace labellisé en 2020"),
    },
    before=[PLACE | {"code_structure": "458"}, *OTHERS],
)
