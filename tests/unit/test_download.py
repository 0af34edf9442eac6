"""One file from a site that may be slow, broken or hostile: whole here, or not here at all."""

from __future__ import annotations

import errno
import gzip
import logging
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.download import Limits, Outcome, download
from ingestion.readers.signatures import Kind
from tests.fixtures.website import (
    Behaviour,
    Website,
    compressed,
    compressed_and_cut,
    cut_at,
    deaf_to_ranges,
    dripping,
    dripping_headers,
    endless,
    few_at_a_time,
    honest,
    mute,
    redirect,
    self_signed,
    status,
    website,
)

FAST = Limits(max_bytes=1 << 20, total_s=20, idle_s=5, attempts=3, pause_s=0.01)
ONCE = Limits(max_bytes=1 << 20, total_s=20, idle_s=5, attempts=1, pause_s=0.01)
CSV = b"CODGEO;POP\r\n" + b"".join(b"QP%06d;%d\r\n" % (n, 31 * n) for n in range(400))
HTML = b"<!DOCTYPE html>\n<html><head><title>Maintenance</title></head></html>"
ZIP = b"PK\x03\x04" + bytes(range(256)) * 8
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
GEOJSON = b'\xef\xbb\xbf\n {"type": "FeatureCollection", "features": []}'


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of this machine between the tests and their site."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        yield site


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "jeu" / "essai_2021.csv"


def names(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()}


KEPT = {"essai_2021.csv", "essai_2021.csv.suivi"}
BEGUN = {"essai_2021.csv.part", "essai_2021.csv.part.suivi"}


def kept_before(site: Website, target: Path) -> str:
    """An earlier copy, from the same address."""
    url = site.put("/f", CSV)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    site.asked.clear()
    return url


# --- what an honest site gives -----------------------------------------------------------------


def test_a_file_arrives_whole_with_nothing_else(site: Website, target: Path) -> None:
    url = site.put("/f", CSV)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV
    assert names(target) == KEPT
    (asked,) = site.asked
    assert asked.headers["Accept-Encoding"] == "identity"
    assert asked.headers["User-Agent"] == "ObservatoireAccesAuxDroitsSQY"
    assert not {"If-None-Match", "If-Modified-Since", "Range"} & set(asked.headers)


@pytest.mark.parametrize(
    ("version", "condition"),
    [
        ({"etag": '"v1"', "modified": None}, ("If-None-Match", '"v1"')),
        ({"etag": 'W/"v1"', "modified": None}, ("If-None-Match", 'W/"v1"')),
        (
            {"etag": None, "modified": "Sun, 02 Jan 2022 00:00:00 GMT"},
            ("If-Modified-Since", "Sun, 02 Jan 2022 00:00:00 GMT"),
        ),
    ],
)
def test_the_same_version_is_not_sent_again(
    site: Website, target: Path, version: dict[str, str | None], condition: tuple[str, str]
) -> None:
    url = site.put("/f", CSV, **version)
    download(url, target, "csv", FAST)
    before = target.stat()
    assert download(url, target, "csv", FAST) == Outcome("unchanged")
    assert condition in site.asked[-1].headers.items()
    assert target.stat() == before
    assert names(target) == KEPT


def test_another_version_takes_its_place(site: Website, target: Path) -> None:
    url = kept_before(site, target)
    site.put("/f", CSV + b"QP078006;1\r\n", etag='"v2"')
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV + b"QP078006;1\r\n"


@pytest.mark.parametrize("reason", ["unnamed version", "lost", "damaged", "another address"])
def test_without_a_known_version_all_is_asked_again(
    site: Website, target: Path, reason: str
) -> None:
    url = kept_before(site, target)
    memory = target.with_name("essai_2021.csv.suivi")
    if reason == "unnamed version":
        site.put("/f", CSV, etag=None, modified=None)
        memory.unlink()
        download(url, target, "csv", FAST)
    elif reason == "lost":
        memory.unlink()
    elif reason == "damaged":
        memory.write_bytes(memory.read_bytes()[:20])
    else:
        url = site.put("/autre", CSV)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert not {"If-None-Match", "If-Modified-Since"} & set(site.asked[-1].headers)


def test_a_version_is_not_known_for_a_file_that_was_removed(site: Website, target: Path) -> None:
    url = kept_before(site, target)
    target.unlink()
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", "é;à\n".encode("cp1252")),
        ("csv", b"\xef\xbb\xbfA;B\n"),
        ("zip", ZIP),
        ("xlsx", ZIP),
        ("xls", OLE),
        ("geojson", GEOJSON),
    ],
)
def test_each_kind_is_known_by_its_bytes(
    site: Website, target: Path, kind: Kind, content: bytes
) -> None:
    assert download(site.put("/f", content), target, kind, FAST) == Outcome("downloaded")
    assert target.read_bytes() == content


def test_a_compressed_body_is_unpacked(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, compressed)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV
    assert download(url, target, "csv", FAST) == Outcome("unchanged")


def test_a_redirection_is_followed_under_our_own_name(site: Website, target: Path) -> None:
    site.put("/ici.csv", CSV)
    moved = status(301, Location="/ici.csv", Content_Disposition='attachment; filename="../x"')
    url = site.put("/f", b"", moved, moved)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV
    assert names(target) == KEPT
    assert [asked.path for asked in site.asked] == ["/f", "/ici.csv"]
    assert download(url, target, "csv", FAST) == Outcome("unchanged")


def test_the_site_chooses_no_name(site: Website, target: Path) -> None:
    named = status(200, CSV, Content_Disposition='attachment; filename="../../ailleurs.csv"')
    download(site.put("/f", b"", named), target, "csv", FAST)
    assert names(target) == KEPT
    assert {path.name for path in target.parent.parent.iterdir()} == {"jeu"}


# --- what may pass by itself -------------------------------------------------------------------


def test_an_outage_that_passes_is_not_told(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, status(500), status(503))
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert len(site.asked) == 3
    assert target.read_bytes() == CSV


def test_pauses_double(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, status(500), status(500))
    started = time.monotonic()
    download(url, target, "csv", Limits(attempts=3, pause_s=0.1))
    assert time.monotonic() - started > 0.3


def test_a_lasting_outage_leaves_the_earlier_copy(site: Website, target: Path) -> None:
    url = kept_before(site, target)
    site.pages["/f"].behaviours = [status(500)] * 9
    outcome = download(url, target, "csv", FAST)
    assert outcome.result == "failed"
    assert not outcome.silent
    assert outcome.problem == (
        "Le site 127.0.0.1 est en panne (réponse 500). Nouvel essai au prochain passage."
    )
    assert len(site.asked) == FAST.attempts
    assert target.read_bytes() == CSV
    assert names(target) == KEPT


def test_a_site_that_nobody_answers_for(target: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/f"
        outcome = download(url, target, "csv", FAST)
    assert outcome.silent
    assert outcome.problem.startswith("Le site 127.0.0.1 est injoignable.")


# --- what was cut ------------------------------------------------------------------------------


def test_a_cut_transfer_goes_on_where_it_stopped(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000))
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV
    first, second = site.asked
    assert "Range" not in first.headers
    assert (second.headers["Range"], second.headers["If-Range"]) == ("bytes=1000-", '"v1"')


def test_a_cut_transfer_goes_on_another_night(site: Website, target: Path) -> None:
    url = kept_before(site, target)
    site.put("/f", CSV * 2, cut_at(5000), etag='"v2"')
    outcome = download(url, target, "csv", ONCE)
    assert outcome.problem.startswith("Le site 127.0.0.1 a coupé l'envoi avant la fin.")
    assert not outcome.silent
    assert target.read_bytes() == CSV
    assert names(target) == KEPT | BEGUN
    assert download(url, target, "csv", ONCE) == Outcome("downloaded")
    assert site.asked[-1].headers["Range"] == "bytes=5000-"
    assert target.read_bytes() == CSV * 2
    assert names(target) == KEPT


def test_a_date_names_a_version_where_the_tag_is_weak(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000), etag='W/"v1"')
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert site.asked[1].headers["If-Range"] == "Sat, 01 Jan 2022 00:00:00 GMT"
    assert target.read_bytes() == CSV


def test_a_version_without_name_is_taken_from_its_start(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000), etag=None, modified=None)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert "Range" not in site.asked[1].headers
    assert target.read_bytes() == CSV


def test_a_site_deaf_to_ranges_sends_all_again(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000), deaf_to_ranges)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert site.asked[1].headers["Range"] == "bytes=1000-"
    assert target.read_bytes() == CSV


def test_two_versions_are_never_joined(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000))
    download(url, target, "csv", ONCE)
    other = CSV.replace(b"QP", b"QN")
    site.put("/f", other, etag='"v2"')
    assert download(url, target, "csv", ONCE) == Outcome("downloaded")
    assert site.asked[1].headers["If-Range"] == '"v1"'
    assert target.read_bytes() == other


def _lying(start: int, etag: str) -> Behaviour:
    """A range that was not asked for, or of another version."""
    rest = CSV[start:]
    where = f"bytes {start}-{len(CSV) - 1}/{len(CSV)}"
    return status(206, rest, Content_Range=where, ETag=etag)


@pytest.mark.parametrize(
    "answer",
    [
        _lying(900, '"v1"'),
        _lying(1000, '"v2"'),
        status(206, CSV[1000:], ETag='"v1"'),
        status(206, CSV[1000:], Content_Range="octets 1000-", ETag='"v1"'),
        status(206, gzip.compress(CSV), Content_Range="bytes 1000-1/2", Content_Encoding="gzip"),
        status(416),
    ],
    ids=["elsewhere", "another version", "unplaced", "garbled", "compressed", "nothing left"],
)
def test_a_rest_that_does_not_fit_is_thrown_away(
    site: Website, target: Path, answer: Behaviour
) -> None:
    url = site.put("/f", CSV, cut_at(1000), answer, honest)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert "Range" not in site.asked[2].headers
    assert target.read_bytes() == CSV


def test_a_rest_may_come_in_several_parts(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, cut_at(1000), few_at_a_time(700), few_at_a_time(700))
    assert download(url, target, "csv", Limits(attempts=4, pause_s=0)) == Outcome("downloaded")
    asked = [asked.headers.get("Range") for asked in site.asked]
    assert asked == [None, "bytes=1000-", "bytes=1700-", "bytes=2400-"]
    assert target.read_bytes() == CSV


def test_a_part_that_is_whole_already(site: Website, target: Path) -> None:
    """Killed between the last byte and the renaming."""
    url = site.put("/f", CSV, cut_at(1000))
    download(url, target, "csv", ONCE)
    target.with_name("essai_2021.csv.part").write_bytes(CSV)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV


def test_half_a_compressed_body_is_not_completed(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, compressed_and_cut)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert "Range" not in site.asked[1].headers
    assert target.read_bytes() == CSV


def test_a_version_put_back_makes_the_part_useless(site: Website, target: Path) -> None:
    url = kept_before(site, target)
    site.put("/f", CSV * 2, cut_at(5000), etag='"v2"')
    download(url, target, "csv", ONCE)
    site.put("/f", CSV)
    assert download(url, target, "csv", ONCE) == Outcome("unchanged")
    assert names(target) == KEPT


@given(
    content=st.binary(min_size=1, max_size=4000).map(lambda b: b"A;" + b.replace(b"\x00", b"0")),
    cuts=st.lists(st.integers(min_value=1, max_value=4000), max_size=6),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cuts_give_the_same_bytes(
    site: Website, tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int]
) -> None:
    target = tmp_path_factory.mktemp("coupures") / "f.csv"
    url = site.put("/f", content, *map(cut_at, cuts))
    calls = 0
    while download(url, target, "csv", ONCE).result == "failed":
        calls += 1
        assert calls <= len(cuts)
    assert target.read_bytes() == content
    assert {path.name for path in target.parent.iterdir()} == {"f.csv", "f.csv.suivi"}


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("csv", HTML, "127.0.0.1 donne une page web, pas le fichier"),
        ("csv", b"\xef\xbb\xbf\n " + HTML.lower(), "donne une page web"),
        ("zip", HTML, "donne une page web"),
        ("geojson", HTML, "donne une page web"),
        ("csv", ZIP, "n'est pas du texte CSV"),
        ("csv", OLE, "n'est pas du texte CSV"),
        ("csv", gzip.compress(CSV), "n'est pas du texte CSV"),
        ("csv", b"%PDF-1.7\n", "n'est pas du texte CSV"),
        ("csv", CSV.decode().encode("utf-16"), "n'est pas du texte CSV"),
        ("xlsx", OLE, "n'est pas un classeur .xlsx"),
        ("xlsx", CSV, "n'est pas un classeur .xlsx"),
        ("xls", ZIP, "n'est pas un classeur .xls."),
        ("zip", CSV, "n'est pas une archive .zip"),
        ("geojson", CSV, "n'est pas du GeoJSON"),
        ("csv", b"", "est vide"),
    ],
)
def test_what_is_not_the_file_never_takes_its_place(
    site: Website, target: Path, kind: Kind, content: bytes, said: str
) -> None:
    url = kept_before(site, target)
    site.put("/f", content, etag='"v2"')
    outcome = download(url, target, kind, FAST)
    assert outcome.result == "failed"
    assert said in outcome.problem
    assert not outcome.silent
    assert len(site.asked) == 1
    assert target.read_bytes() == CSV
    assert names(target) == KEPT


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (404, "n'est plus à son adresse sur 127.0.0.1 (réponse 404)"),
        (410, "n'est plus à son adresse"),
        (403, "ne donne pas le fichier (réponse 403)"),
        (429, "ne donne pas le fichier (réponse 429)"),
        (304, "ne donne pas le fichier (réponse 304)"),
        (302, "ne donne pas le fichier (réponse 302)"),
        (204, "ne donne pas le fichier (réponse 204)"),
    ],
)
def test_a_refusal_of_the_site_is_not_asked_twice(
    site: Website, target: Path, code: int, said: str
) -> None:
    outcome = download(site.put("/f", CSV, status(code), status(code)), target, "csv", FAST)
    assert outcome.result == "failed"
    assert said in outcome.problem
    assert len(site.asked) == 1
    assert names(target) == set()


def test_too_large_by_its_own_word(site: Website, target: Path) -> None:
    huge = status(200, CSV, Content_Length=str(2 << 30))
    outcome = download(site.put("/f", b"", huge), target, "csv", Limits(total_s=20))
    assert "dépasse 1024 Mo" in outcome.problem
    assert names(target) == set()


@pytest.mark.parametrize("resumed", [False, True])
def test_too_large_without_a_word(site: Website, target: Path, resumed: bool) -> None:
    cuts = [cut_at(1000)] if resumed else []
    outcome = download(site.put("/f", CSV, *cuts, endless), target, "csv", FAST)
    assert "dépasse 1 Mo" in outcome.problem
    assert names(target) == set()


def test_too_large_once_unpacked(site: Website, target: Path) -> None:
    url = site.put("/f", b"A;B\n" * (1 << 20), compressed)
    outcome = download(url, target, "csv", FAST)
    assert "dépasse 1 Mo" in outcome.problem
    assert names(target) == set()


def test_an_unknown_compression(site: Website, target: Path) -> None:
    url = site.put("/f", b"", status(200, CSV, Content_Encoding="compress"))
    assert "sous une forme inconnue" in download(url, target, "csv", FAST).problem
    assert names(target) == set()


PACKED = gzip.compress(CSV)


@pytest.mark.parametrize(
    "body",
    [PACKED[:-200] + bytes(200), PACKED[:-200], PACKED[:-4] + b"abcd", PACKED * 2, CSV],
    ids=["damaged", "stops early", "wrong sum", "twice", "not packed at all"],
)
def test_a_damaged_compression_is_tried_again(site: Website, target: Path, body: bytes) -> None:
    damaged = status(200, body, Content_Encoding="gzip")
    assert download(site.put("/f", CSV, damaged), target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/f", "d'adresse en adresse, sans fin"),
        ("file:///etc/passwd", "n'est pas du web (file)"),
        ("ftp://127.0.0.1/f", "n'est pas du web (ftp)"),
    ],
)
def test_a_redirection_that_is_not_followed(
    site: Website, target: Path, location: str, said: str
) -> None:
    url = site.put("/f", CSV, *[redirect(location)] * 9)
    outcome = download(url, target, "csv", FAST)
    assert said in outcome.problem
    assert len(site.asked) == (FAST.redirections + 1 if location == "/f" else 1)
    assert names(target) == set()


def test_https_is_never_left(
    site: Website, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "certificat.pem")
    with website(certificate) as safe:
        stranger = download(safe.put("/f", CSV), target, "csv", FAST)
        assert "Le certificat présenté pour 127.0.0.1 n'est pas reconnu" in stranger.problem
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert download(safe.put("/f", CSV), target, "csv", FAST) == Outcome("downloaded")
        clear = safe.put("/g", b"", redirect(site.put("/f", CSV)))
        assert "sans chiffrement" in download(clear, target, "csv", FAST).problem
    assert site.asked == []


# --- what takes too long -----------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", [dripping, dripping_headers, endless])
def test_all_is_bounded_in_time(site: Website, target: Path, behaviour: Behaviour) -> None:
    url = site.put("/f", CSV, behaviour)
    started = time.monotonic()
    outcome = download(url, target, "csv", Limits(total_s=0.4))
    assert time.monotonic() - started < 2
    assert outcome.silent
    assert outcome.problem.startswith("Le site 127.0.0.1 est trop lent")
    assert not target.exists()


def test_what_dripped_is_not_lost(site: Website, target: Path) -> None:
    url = site.put("/f", CSV, dripping)
    download(url, target, "csv", Limits(total_s=0.5))
    received = target.with_name("essai_2021.csv.part").stat().st_size
    assert 0 < received < 100
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert site.asked[-1].headers["Range"] == f"bytes={received}-"
    assert target.read_bytes() == CSV


def test_silence_is_bounded_in_time(site: Website, target: Path) -> None:
    outcome = download(
        site.put("/f", CSV, mute, mute), target, "csv", Limits(idle_s=0.1, attempts=2, pause_s=0)
    )
    assert outcome.silent
    assert outcome.problem.startswith("Le site 127.0.0.1 ne répond plus.")
    assert len(site.asked) == 2


# --- this machine ------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_earlier_copy(
    site: Website, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = kept_before(site, target)
    site.put("/f", CSV * 2, etag='"v2"')

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            download(url, target, "csv", FAST)
    assert target.read_bytes() == CSV
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV * 2


def test_a_stop_between_both_renamings_is_not_a_version_known(
    site: Website, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second version is in place and not yet remembered; then the site takes it back."""
    url = kept_before(site, target)
    site.put("/f", CSV * 2, etag='"v2"')
    synced: list[int] = []

    def stop_at_the_folder(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", stop_at_the_folder)
        with pytest.raises(KeyboardInterrupt):
            download(url, target, "csv", FAST)
    assert target.read_bytes() == CSV * 2
    site.put("/f", CSV)
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV


def test_the_proxy_of_the_environment_is_used(
    site: Website, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy is asked for the whole address."""
    site.put("http://www.exemple.test/f", CSV)
    monkeypatch.setenv("http_proxy", site.address)
    assert download("http://www.exemple.test/f", target, "csv", FAST) == Outcome("downloaded")
    assert target.read_bytes() == CSV


def test_a_proxy_that_refuses(site: Website, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site of the tests knows no CONNECT: it answers 501."""
    user = site.address.replace("http://", "http://CANARI:CANARI@")
    monkeypatch.setenv("https_proxy", user)
    outcome = download("https://www.exemple.test/f", target, "csv", FAST)
    assert outcome.silent
    assert "Le serveur mandataire ne laisse pas atteindre www.exemple.test" in outcome.problem
    assert "CANARI" not in outcome.problem


def test_whom_to_ask_about_us(site: Website, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATOIRE_CONTACT", "données@exemple.fr\r\nX-Autre: 1")
    download(site.put("/f", CSV), target, "csv", FAST)
    (asked,) = site.asked
    assert asked.headers["User-Agent"].endswith(" (contact : donnes@exemple.frX-Autre: 1)")
    assert "X-Autre" not in asked.headers


def test_nothing_secret_is_written(
    site: Website, target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = site.put("/f?jeton=CANARI", CSV, status(500), redirect("/g?jeton=CANARI"))
    site.put("/g?jeton=CANARI", CSV, status(500))
    assert download(url, target, "csv", FAST) == Outcome("downloaded")
    failed = download(site.address + "/absent?jeton=CANARI", target, "csv", FAST)
    assert failed.result == "failed"
    assert "/f : téléchargé" in caplog.text
    assert "CANARI" not in caplog.text + failed.problem
