"""Good rows of `operateurs__coop_accompagnements`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, every, first, last, twice

ACTIVITY = {
    "id_cra": "cle:a",
    "participant": "1",
    "date": "2024-01-03",
    "type_activite": "Accompagnement individuel",
    "code_commune_lieu": "78621",
    "duree_min": 30,
}
CASE = dataset(
    "operateurs__coop_accompagnements",
    [
        ACTIVITY,
        ACTIVITY | {"id_cra": "cle:b", "participant": "1/2"},
        ACTIVITY | {"id_cra": "cle:b", "participant": "2/2"},
    ],
    {
        "participant_unique": twice,
        "participants_complets": last(participant="2/3"),
        "duree_constante": last(duree_min=45),
        "duree_plausible": first(duree_min=0),
        "commune_du_territoire": every(code_commune_lieu="75056"),
    },
    along={"participant_unique": ["participants_complets"]},
)
