"""One night on the producers' real files: all of them load, and nothing is lost on the way."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingestion.contract import contracts
from tests.conftest import DEMO
from tests.dbt.test_contours import AREAS, SHARES, SHARES_PCT
from tests.e2e.cli import Night, nightly, number, observatoire, read_csv, rows

pytestmark = [pytest.mark.long, pytest.mark.real]

# Data rows by edition, without the control row `Ensemble` (PROVENANCE.md of each producer).
ROWS = {
    "insee.demo_qpv": {"2017": 1345, "2018": 1345, "2019": 1345, "2020": 1400, "2021": 1400},
    "insee.revn_qpv": {"2017": 1345, "2018": 1345, "2019": 1352, "2021": 1352},
    "insee.ipro_qpv": dict.fromkeys(("2017", "2018", "2019", "2020", "2021"), 1345),
    "insee.filosofi_qpv": dict.fromkeys(("2016", "2017", "2018"), 1352),
    "insee.recensement_qpv": {"2010": 1292},
    "insee.liste_qpv2015": {"2025": 1436},
    "insee.filosofi_epci": {"2014": 2123, "2015": 2048, "2016": 1252, "2017": 1249, "2018": 1244},
    "insee.filosofi_iris": {
        "2014": 12209,
        "2015": 12227,
        "2016": 12285,
        "2017": 12345,
        "2018": 12395,
    },
    "insee.filosofi_communes": {"2016": 31789, "2018": 31330},
    "insee.filosofi_departements": dict.fromkeys(("2014", "2015", "2016", "2017", "2018"), 98),
    "insee.filosofi_regions": dict.fromkeys(("2014", "2015", "2016", "2017", "2018"), 15),
    "insee.filosofi_france": dict.fromkeys(("2014", "2015", "2016", "2017", "2018"), 1),
    "insee.communes": {"2021": 37742},
    "insee.iris": {"2021": 49406},
    "insee.composition_epci": {"2020": 34968, "2025": 34875},
    "insee.bpe": {"2018": 1_035_564},
    "insee.melodi_etablissements": {"2023": 2800},
    "insee.melodi_filosofi_age": {"2021": 392},
    "insee.melodi_filosofi_menages": {"2021": 392},
    "insee.melodi_population": {"2022": 2772},
    "insee.caf_iris_ancien": {"2009": 95},
    "insee.caf_zus_ancien": {"2009": 5},
    "insee.revenus_iris_ancien": {"2009": 103},
    "caf.allocataires_iris": {
        "2016": 13148,
        "2017": 13279,
        "2018": 13349,
        "2019": 13424,
        "2020": 13444,
    },
    "caf.prestations_qf_communes": {
        "grenoble_rennes_2020-2023": 2848,
        "5_metropoles_2020-2023": 7698,
    },
    "insee.compilation_qpv2024": {"2024": 1713},
    "geo.qpv_2015": {"2015": 297},
    "geo.qpv_2024": {"2024": 1606},
    "geo.qpv_2024_communes": {"2024": 824},
    "geo.communes": {"2018": 262},
    "geo.iris": {"2016": 684},
    "geo.contrats_de_ville": {"2015": 434, "2024": 448},
    "geo.quartiers_sqy": {"2024": 15},
    "geo.correspondance_qpv": {"2024": 24},
    "geo.recouvrement_qpv_iris": {"2024": 59},
    "operateurs.france_services": {
        "2020-01-31": 534,
        "2020-03-02": 531,
        "2020-10": 908,
        "2022-12-01": 2683,
        "2023-07": 2707,
    },
    "operateurs.conseillers_numeriques_structures": {"2021-06": 1450},
    "operateurs.conseillers_numeriques_postes": {"2023-09": 2485},
    "operateurs.adultes_relais": {"2025": 714},
    "operateurs.postes_fonjep": {"2025": 106},
}
# Rows without a code in the layers of perimeters, set aside.
WITHOUT_CODE = {("geo.qpv_2015", "2015"): 3, ("geo.qpv_2024", "2024"): 3}
WITH_ENSEMBLE = {
    *((name, year) for name in ("insee.demo_qpv", "insee.revn_qpv", "insee.ipro_qpv")
      for year in ("2017", "2018", "2019")),
    *(("insee.filosofi_qpv", year) for year in ("2016", "2017", "2018")),
}  # fmt: skip
SECOND_DELIVERIES = {
    "DEMO_2019.csv",
    "DEMO_2021.csv",
    "INSEE_MTP_CAFiris_2009.xls",
    "INSEE_MTP_RevenusFiscIRIS_2009.xls",
}
# A spreadsheet took the codes of the communes for numbers.
DAMAGED = "EPCI.csv"

# Sum of the published IRIS of Trappes: A, PERCOU, APPA, ARSAS, AAAH (PROVENANCE.md of the CAF).
TRAPPES = {
    "2016": (7012, 20896, 1512, 991, 477),
    "2017": (6905, 20832, 1614, 887, 458),
    "2018": (7356, 21441, 1885, 948, 515),
    "2019": (7818, 22170, 2599, 993, 535),
    "2020": (8023, 22316, 2671, 1131, 531),
}
KEY_TABLE = {
    "QP078006": (74.05, 16.6, 24.9),
    "QP078007": (76.74, 16.3, 27.4),
    "QP078008": (62.33, 15.3, 21.1),
    "QP078004": (67.98, 13.5, 20.2),
    "QP078018": (76.20, 18.2, 18.6),
    "QP078017": (76.60, 19.2, 33.2),
    "QP078005": (74.94, 15.8, 21.2),
    "200058782": (54.6, 4.7, 10.7),
}


@pytest.fixture(scope="module")
def night(real_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    return nightly(tmp_path_factory.mktemp("reels") / "home", real_files)


def _working(night: Night, query: str) -> list[dict[str, Any]]:
    return rows(night.home / "warehouse.duckdb", query)


def test_every_file_is_loaded_or_known(night: Night) -> None:
    assert (night.code, night.err) == (0, "")
    verdicts = {row["fichier"]: row["verdict"] for row in night.ledger}
    editions = sum(len(known) for known in ROWS.values())
    assert len(verdicts) == len(night.ledger) == editions + len(SECOND_DELIVERIES) + 1
    assert {name for name, verdict in verdicts.items() if verdict == "inchange"} == (
        SECOND_DELIVERIES
    )
    assert {name for name, verdict in verdicts.items() if verdict == "refuse"} == {DAMAGED}
    assert set(verdicts.values()) == {"charge", "inchange", "refuse"}
    for name in SECOND_DELIVERIES:
        assert night.new_named(name)["motif"].endswith("gardée : les mêmes valeurs.")
    assert night.manifest["demonstration"] is False
    assert "démonstration" not in night.out


def test_row_counts_are_those_of_the_producers(night: Night) -> None:
    charged = [row for row in night.ledger if row["verdict"] == "charge"]
    counted: dict[str, dict[str, int]] = {}
    for row in charged:
        counted.setdefault(row["dataset"], {})[row["millesime"]] = row["lignes_chargees"]
        edition = (row["dataset"], row["millesime"])
        aside = WITHOUT_CODE.get(edition, int(edition in WITH_ENSEMBLE))
        assert row["lignes_ecartees"] == aside, row["fichier"]
    assert counted == ROWS
    for dataset, editions in ROWS.items():
        table = dataset.replace(".", "__")
        found = _working(
            night, f"select _millesime as m, count(*) as n from raw.{table} group by all"
        )
        assert {row["m"]: row["n"] for row in found} == editions


def test_the_damaged_file_is_refused_for_its_lost_zeros(night: Night) -> None:
    said = night.new_named(DAMAGED)["motif"]
    for word in ("perdu leur zéro initial", "« COM » : « 1001 »", "tableur"):
        assert word in said
    assert f"REFUSÉ {DAMAGED}" in night.out
    # The preferred delivery of the same edition is in place: nothing is late.
    assert "EN RETARD insee.composition_epci" not in night.out


def test_files_that_no_contract_knows_are_told(night: Night) -> None:
    known = {row["fichier"] for row in night.ledger}
    unknown = {Path(name).name for name in night.digest["unknown"]}
    assert {"rpls_qpv.csv", "bpe18_ensemble_78.csv"} <= unknown
    assert not unknown & known


def test_coverage_says_which_communes_are_not_published(night: Night) -> None:
    covered = {
        (row["dataset"], row["edition"]): (
            row["territoires_couverts"],
            row["territoires_manquants"],
        )
        for row in night.table("marts.mart_couverture")
    }
    gap = "Coignières, La Verrière, Magny-les-Hameaux"
    assert covered["caf.allocataires_iris", "2018"] == (8, f"{gap}, Villepreux")
    assert covered["caf.allocataires_iris", "2019"] == (9, gap)
    assert covered["insee.ipro_qpv", "2021"] == (7, None)
    assert covered["geo.qpv_2024", "2024"] == (8, None)
    assert covered["insee.bpe", "2018"] == (12, None)
    assert covered["caf.prestations_qf_communes", "5_metropoles_2020-2023"][0] == 0


def test_the_areas_of_the_quartiers_and_what_is_left_of_2015(night: Night) -> None:
    """On the whole layers, to the square metre: what another program measured."""
    drawn = {
        row["code_territoire"]: round(row["surface_m2"])
        for row in night.table("marts.dim_contour")
        if row["zonage"].startswith("QPV")
    }
    assert drawn == AREAS
    shares = {tuple(row.values())[:2]: tuple(row.values())[2] for row in _working(night, SHARES)}
    assert shares == SHARES_PCT
    failed = _working(night, "select * from audit_dbt.recouvrements_egalent_controle")
    assert failed == []


def test_control_rows_are_kept_aside_as_received(night: Night, real_files: Path) -> None:
    for table in ("insee__demo_qpv", "insee__revn_qpv"):
        kept = _working(
            night,
            f"select q.*, l.fichier from quarantine.{table} as q"
            " join audit.loads as l on l.load_id = q._load_id",
        )
        assert len(kept) == 3
        for row in kept:
            (path,) = real_files.rglob(row["fichier"])
            received = read_csv(path)[row["_row_number"] - 2]
            assert received["CODGEO"] == "Ensemble"
            cells = json.loads(row["ligne"])
            assert {name: cell or "" for name, cell in cells.items()} == {
                name: received[name] for name in cells
            }
    totals = _working(
        night,
        "select _millesime as m, sum(population)::bigint as p from raw.insee__demo_qpv group by 1",
    )
    # The producer's own total of the first three editions is the sum of its rows.
    assert {row["m"]: row["p"] for row in totals if row["m"] < "2020"} == dict.fromkeys(
        ("2017", "2018", "2019"), 5_019_573
    )


def test_every_code_and_every_sum_of_the_caf_is_kept(night: Night, real_files: Path) -> None:
    for edition in ROWS["caf.allocataires_iris"]:
        source = read_csv(real_files / f"caf/data_CAF_{edition}_IRIS.csv")
        loaded = _working(
            night,
            "select code_territoire, personnes_couvertes, foyers_allocataires, _row_number"
            f" from raw.caf__allocataires_iris where _millesime = '{edition}' order by _row_number",
        )
        assert [row["code_territoire"] for row in loaded] == [row["CODGEO"] for row in source]
        for column, name in (("PERCOU", "personnes_couvertes"), ("A", "foyers_allocataires")):
            expected = [number(row[column]) if row[column] else None for row in source]
            assert [row[name] for row in loaded] == expected, (edition, column)


def test_corsica_and_leading_zeros_survive(night: Night) -> None:
    iris = _working(
        night,
        "select _millesime as m,"
        " count(*) filter (regexp_matches(code_territoire, '^2[AB]')) as corse,"
        " count(*) filter (code_territoire like '0%') as zero,"
        " count(*) filter (length(code_territoire) <> 9) as courts"
        " from raw.caf__allocataires_iris group by all order by all",
    )
    assert [(row["corse"], row["courts"]) for row in iris] == [(43, 0)] * 5
    assert all(row["zero"] > 500 for row in iris)
    for table in ("demo", "revn"):
        found = _working(
            night,
            f"select distinct code_territoire as c from raw.insee__{table}_qpv"
            " where code_territoire like 'QP02A%' or code_territoire like 'QP02B%' order by 1",
        )
        assert [row["c"] for row in found] == [
            "QP02A001",
            "QP02A002",
            "QP02A003",
            "QP02B001",
            "QP02B002",
        ]


def test_control_totals_of_trappes(night: Night) -> None:
    found = _working(
        night,
        "select _millesime as m, sum(foyers_allocataires)::int as a,"
        " sum(personnes_couvertes)::int as p, sum(foyers_prime_activite)::int as appa,"
        " sum(foyers_rsa_socle)::int as rsa, sum(foyers_aah)::int as aah"
        " from raw.caf__allocataires_iris where code_territoire like '78621%' group by all",
    )
    assert {row["m"]: tuple(row.values())[1:] for row in found} == TRAPPES


def test_key_table_equals_the_report(night: Night) -> None:
    table = {row["code_territoire"]: row for row in night.table("marts.mart_indicateurs_cles")}
    shown = {
        code: (
            round(table[code]["caf_taux_couverture"], 2),
            table[code]["ctx_poids_presta"],
            table[code]["ctx_part_etrangers"],
        )
        for code in KEY_TABLE
    }
    assert shown == KEY_TABLE
    (buisson,) = (row for code, row in table.items() if code not in KEY_TABLE)
    assert buisson["caf_taux_couverture"] is None
    assert buisson["caf_taux_couverture_statut"] == "non_communique"


def minutes_of(text: str | None) -> int | None:
    """Minutes of opening that a text says, if it says nothing else."""
    hour = re.compile(r"(\d{1,2})\s?[:h]\s?(\d{2})")
    said = " ".join((text or "").replace("–", "-").split())
    shape = hour.sub("T", said).replace(" - ", "-").replace("- ", "-").replace(" -", "-")
    for separator in (" / ", "/ ", " /", "/", ", ", ",", " et "):
        shape = shape.replace(separator, " ")
    if not shape or {*shape.split(" ")} != {"T-T"}:
        return None
    times = [60 * int(hours) + int(minutes) for hours, minutes in hour.findall(said)]
    ranges = list(zip(times[::2], times[1::2], strict=True))
    if any(int(minutes) > 59 for _, minutes in hour.findall(said)) or times[-1] > 24 * 60:
        return None
    if times != sorted(times) or any(start == end for start, end in ranges):
        return None
    return sum(end - start for start, end in ranges)


def test_hours_of_every_list_are_those_of_the_text(night: Night) -> None:
    days = _working(night, "select texte, statut, minutes from intermediate.int_horaires__jours")
    assert len(days) == 6 * sum(ROWS["operateurs.france_services"].values())
    wrong = {
        row["texte"]: (row["minutes"], minutes_of(row["texte"]))
        for row in days
        if row["minutes"] != minutes_of(row["texte"])
    }
    assert wrong == {}
    assert Counter(row["statut"] for row in days)["non_lu"] == 572
    assert {row["texte"] for row in days if row["statut"] == "ferme"} == {
        *("-", "Espace fermé ce jour"),
        None,
    }


def test_status_lists_them_all(night: Night, real_files: Path) -> None:
    done = observatoire(night.home, real_files, "status", "--json")
    assert done.returncode == 0
    found = {row["dataset"]: row for row in json.loads(done.stdout)}
    for dataset, editions in ROWS.items():
        assert found[dataset]["etat"] == "a_jour", dataset
        assert found[dataset]["fichiers_en_place"] == len(editions)
        assert found[dataset]["lignes_en_place"] == sum(editions.values())
    assert found["operateurs.activite_agregee"]["etat"] == "absent"
    assert DAMAGED in found["insee.composition_epci"]["motif_refus"]
    waiting = {name for name, row in found.items() if row["etat"] == "a_confirmer"}
    assert waiting == {c.dataset for c in contracts().values() if c.to_confirm} - ROWS.keys()


def test_demonstration_never_enters_a_home_of_real_data(night: Night) -> None:
    before = night.home.joinpath("courant").resolve()
    done = observatoire(night.home, DEMO, "nightly")
    assert done.returncode == 1
    assert "Cet entrepôt contient des données réelles" in done.stderr
    assert night.home.joinpath("courant").resolve() == before
