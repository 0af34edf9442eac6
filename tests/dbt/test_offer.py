"""The offer of services: hours worked out by hand, places put in their quartier."""

from __future__ import annotations

import pytest

from tests.publication.night import Night, built_night, figures, ledger

# Hours of a week, after 18:00 and on Saturday, from the printed hours of each list:
# Trappes 9-12 / 13:30-17 four days and 9-12 / 13:30-16, then 9-17 five days; Plaisir 9-12:30 /
# 13:30-19:30, 9-12 / 13:30-17:30, 13:30-17:30, 10-12 / 13:30-17:30, 13:30-17:30, and 14-17:30 on
# Saturday; Maurepas 14-17, 9-12 / 14-17 twice, 14-17, 9-12 / 14-17, then 13:30-17, 8:30-12 /
# 13:30-17, 9-12, 13:30-17, 8:30-12 / 13:30-17; Guyancourt 9-12 / 13:30-17 four days and 9-12, then
# three days, 13:30-17 and 9-12.
HOURS = {
    ("france_services:458", "2020-01-31"): (31.5, 0, 0),
    ("france_services:458", "2020-03-02"): (31.5, 0, 0),
    ("france_services:458", "2020-10"): (31.5, 0, 0),
    ("france_services:458", "2022-12-01"): (40, 0, 0),
    ("france_services:458", "2023-07"): (40, 0, 0),
    ("france_services:2512", "2022-12-01"): (34, 1.5, 3.5),
    ("france_services:2512", "2023-07"): (34, 1.5, 3.5),
    ("france_services:2660", "2022-12-01"): (24, 0, 0),
    ("france_services:2660", "2023-07"): (24, 0, 0),
    ("france_services:2959", "2022-12-01"): (29, 0, 0),
    ("france_services:2959", "2023-07"): (26, 0, 0),
}
# Where a place stands, measured from the same layers by another program: at 3.5 m of the limit of
# 2024, the one of Trappes may be on either side.
IN_QUARTIER = {
    ("QP078006", "france_services:458", "point"),
    ("QP078005", "france_services:2959", "point"),
    ("QN07804M", "france_services:2959", "point"),
}
IN_COMMUNE = {
    ("QN07805M", "france_services:458", "point_proche_limite"),
    ("QP078007", "france_services:458", "point"),
    ("QN07806M", "france_services:458", "point"),
    ("QP078017", "france_services:2512", "point"),
    ("QN07815M", "france_services:2512", "point"),
    ("QP078018", "france_services:2660", "point"),
    ("QN07816M", "france_services:2660", "point"),
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


def test_hours_of_the_four_places_in_every_list(night: Night) -> None:
    rows = figures(
        night.candidate,
        """
        select distinct structure_ids[1], date_offre, heures_hebdo, heures_soir, heures_samedi,
            statut_horaires, part_horaires_non_lus
        from marts.fct_offre_service where type_structure = 'mfs' and len(structure_ids) > 0
        """,
    )
    assert {(place, date): hours for place, date, *hours, _, _ in rows} == {
        key: list(hours) for key, hours in HOURS.items()
    }
    assert {tuple(status) for *_, status, unread in rows for status in [(status, unread)]} == {
        ("observe", 0)
    }


@pytest.mark.parametrize(
    ("mode", "expected"), [("site_dans_quartier", IN_QUARTIER), ("site_dans_commune", IN_COMMUNE)]
)
def test_places_are_put_in_their_quartier(
    mode: str, expected: set[tuple[str, str, str]], night: Night
) -> None:
    rows = figures(
        night.candidate,
        f"""
        select distinct code_territoire, structure_ids[1], precision_localisation
        from marts.fct_offre_service
        where dataset = 'operateurs.france_services' and mode_presence = '{mode}'
        """,
    )
    assert set(rows) == expected


def test_guyancourt_is_one_place_under_two_identifiers(night: Night) -> None:
    rows = figures(
        night.candidate,
        "select structure_id, identifiants, premiere_date, derniere_date from marts.dim_structure"
        " where nom_commune = 'Guyancourt' and list_contains(types_structure, 'mfs')",
    )
    assert rows == [
        (
            "france_services:2959",
            ["france_services:2959", "france_services:temp_155"],
            "2022-12-01",
            "2023-07",
        )
    ]


def test_structures_with_advisers(night: Night) -> None:
    """Granted in 2021, filled in 2023; the head office of the PSP is the France services."""
    rows = figures(
        night.candidate,
        """
        select quartier_id, date_offre, presence, mode_presence, structure_ids,
            precision_localisation
        from marts.fct_offre_service
        where type_structure = 'conseiller_numerique' and zonage = 'QPV2015'
            and presence <> 'inconnu' and quartier_id in ('merisiers', 'petits-pres')
        order by all
        """,
    )
    psp, trappes, trades = (
        "france_services:458",
        "siret:21780621500547",
        "siret:81516979200018",
    )
    assert rows == [
        ("merisiers", "2021-06", "prevu", "site_dans_quartier", [psp], "siege"),
        ("merisiers", "2023-09", "present", "site_dans_commune", [psp, trappes, trades], "commune"),
        (
            "petits-pres",
            "2023-09",
            "present",
            "site_dans_commune",
            ["siret:21780208100018"],
            "commune",
        ),
    ]


def test_posts_are_counted_once(night: Night) -> None:
    """Counted by hand in the files: in 2025, two FONJEP posts of SQY have two rows."""
    rows = ledger(
        night.settings,
        """
        select dispositif, annee, code_contrat, postes, lignes
        from intermediate.int_postes__contrats
        where annee in ('2023', '2025') order by all
        """,
    )
    assert rows == [
        ("adultes_relais", "2023", "CV290", 21, 21),
        ("adultes_relais", "2023", "CV295", 5, 5),
        ("adultes_relais", "2025", "CN07801I", 8, 8),
        ("postes_fonjep", "2023", "CV290", 2, 2),
        ("postes_fonjep", "2025", "CN07801I", 3, 5),
    ]


def test_a_list_of_france_services_says_nothing_of_the_others(night: Night) -> None:
    rows = figures(
        night.candidate,
        "select distinct type_structure, presence from marts.fct_offre_service"
        " where dataset = 'operateurs.france_services'",
    )
    assert set(rows) == {("mfs", "present"), ("mfs", "absent")}
    absent = figures(
        night.candidate,
        "select distinct type_structure from marts.fct_offre_service where presence = 'absent'",
    )
    assert absent == [("mfs",)]


def test_the_matrix_of_the_report_is_one_source(night: Night) -> None:
    same = """
        select code_territoire, zonage, type_structure, presence, label, finance_pdv, mode_presence
        from marts.{} order by all
    """
    matrix = figures(night.candidate, same.format("mart_offre_quartier"))
    assert len(matrix) == 64
    report = same.format("fct_offre_service").replace(
        "order", "where dataset = 'rapport_2022' order"
    )
    assert figures(night.candidate, report) == matrix


def test_every_row_leads_to_its_files(night: Night) -> None:
    lost = figures(
        night.candidate,
        """
        select * from marts.fct_offre_service
        where (dataset = 'rapport_2022') <> (len(load_ids) = 0)
            or not list_has_all(
                (select list(structure_id) from marts.dim_structure), structure_ids
            )
        """,
    )
    assert lost == []
