"""Good rows of `dim_passage`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import COMMUNES, QUARTIERS, Case, Row, every, first, last, twice

FORMER = COMMUNES[:7]  # which seven is no matter here
OUTSIDE = "HORS_ZONAGE"


def passage(zoning: str, source: str, to: str, target: str, **more: object) -> Row:
    return {
        "code_source": source,
        "zonage_source": zoning,
        "code_cible": target,
        "zonage_cible": to,
        "poids": 1.0,
        "type_poids": "inclusion",
        "millesime": "2016",
        "part_cible_couverte": None if target == OUTSIDE else 1.0,
        "qualite": "A",
        "rupture_le": None,
    } | more


def overlap(source: str, target: str, share: float, covered: float | None) -> Row:
    return passage(
        *("QPV2015", source, "QPV2024", target),
        poids=share,
        type_poids="surface",
        millesime="2024",
        part_cible_couverte=covered,
        qualite="C",
        rupture_le="2024-01-01",
    )


GOOD = [
    overlap(QUARTIERS[0], OUTSIDE, 1.0, None),
    overlap(QUARTIERS[1], "QN07804M", 0.96, 0.82),
    overlap(QUARTIERS[1], OUTSIDE, 0.04, None),
    *(overlap(code, f"QN0780{n}M", 1.0, 0.8) for n, code in enumerate(QUARTIERS[2:])),
    *(
        passage("COMMUNE", code, "EPCI", "247800451" if code in FORMER else OUTSIDE)
        | {"millesime": "2015"}
        for code in COMMUNES
    ),
    *(passage("COMMUNE", code, "EPCI", "200058782") for code in COMMUNES),
]
CASE = Case(
    GOOD,
    {
        "cle_unique": twice,
        "poids_entre_0_et_1": lambda rows: [
            *rows,
            rows[0] | {"code_cible": "QN07816M", "poids": 0.0},
        ],
        "poids_somment_a_un": lambda rows: [rows[0], rows[1] | {"poids": 0.95}, *rows[2:]],
        "codes_de_leur_zonage": first(code_cible="QP078018"),
        "perimetres_de_l_agglomeration": last(code_cible="247800451"),
        "quartiers_suivis": lambda rows: rows[1:],
        "surfaces_jamais_bien_notees": first(qualite="B"),
        "rupture_entre_deux_zonages": every(rupture_le="2016-01-01"),
        "hors_zonage_sans_couverture": first(part_cible_couverte=0.5),
    },
    {
        "code_source": "varchar",
        "zonage_source": "varchar",
        "code_cible": "varchar",
        "zonage_cible": "varchar",
        "poids": "double",
        "type_poids": "varchar",
        "millesime": "varchar",
        "part_cible_couverte": "double",
        "qualite": "varchar",
        "rupture_le": "date",
    },
    along={"cle_unique": ["poids_somment_a_un", "perimetres_de_l_agglomeration"]},
)
