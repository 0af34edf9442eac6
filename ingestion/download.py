"""Download one file from its official address: what is kept is always a whole file."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal

import httpx

from ingestion.readers.signatures import HEAD, KINDS, Kind, is_web_page, looks_like
from ingestion.web_version import Version, encoding, memory

log = logging.getLogger("observatoire.ingestion")
# They write whole addresses, with what may be secret in them.
for chatty in ("httpx", "httpcore"):
    logging.getLogger(chatty).setLevel(logging.WARNING)

Result = Literal["downloaded", "unchanged", "failed"]

CHUNK = 1 << 20

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_LATER = "Nouvel essai au prochain passage."


@dataclass(frozen=True)
class Limits:
    """What one download may take: bytes once decoded, seconds in all and in silence.

    What may pass by itself is tried `attempts` times, after a pause that doubles each time.
    """

    max_bytes: int = 1 << 30
    total_s: float = 900
    idle_s: float = 30
    attempts: int = 3
    pause_s: float = 1
    redirections: int = 5


LIMITS = Limits()


@dataclass(frozen=True)
class Outcome:
    """What a download came to; `problem` says in French why it failed.

    `silent` tells of a site that does not answer, or not in time, whatever is asked of it.
    """

    result: Result
    problem: str = ""
    silent: bool = False


def download(url: str, target: Path, kind: Kind, limits: Limits = LIMITS) -> Outcome:
    """Bring `target` up to date with the file that is at `url`.

    A new version is written beside it, and takes its place once it is whole, on disk and of the
    kind that is expected: otherwise `target` stays as it was. What was cut goes on where it
    stopped, here or in a later call, as long as the site has the same version. Nothing that the
    site says chooses a name or a folder.

    Raises `OSError` where the disk fails us.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    outcome = asyncio.run(_Download(url, target, kind, limits).outcome())
    if outcome.result == "downloaded":
        log.info("%s : téléchargé, %d octets", _shown(url), target.stat().st_size)
    return outcome


class _Refused(Exception):
    """What the site gives is not the file, and will not be in a moment (message in French)."""


class _Passing(Exception):
    """What may be over in a moment (message in French)."""


class _Download:
    def __init__(self, url: str, target: Path, kind: Kind, limits: Limits) -> None:
        self.url = url
        self.site = httpx.URL(url).host
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self.kind = kind
        self.limits = limits

    async def outcome(self) -> Outcome:
        try:
            async with asyncio.timeout(self.limits.total_s):
                return Outcome(await self._insist())
        except _Refused as refused:
            self._forget_part()
            return Outcome("failed", str(refused))
        except TimeoutError:
            late = f"Le site {self.site} est trop lent : il n'a pas tout envoyé à temps. {_LATER}"
            return Outcome("failed", late, silent=True)
        except (httpx.TransportError, _Passing) as error:
            mute = (httpx.ConnectError, httpx.TimeoutException, httpx.ProxyError)
            said = f"{self._said(error)} {_LATER}"
            return Outcome("failed", said, silent=isinstance(error, mute))

    async def _insist(self) -> Result:
        client = httpx.AsyncClient(
            timeout=self.limits.idle_s,
            # Compressed, half a file could not be completed.
            headers={"User-Agent": _user_agent(), "Accept-Encoding": "identity"},
        )
        async with client:
            for failures in range(self.limits.attempts - 1):
                try:
                    return await self._attempt(client)
                except (httpx.TransportError, _Passing) as error:
                    log.warning("%s : %s", _shown(self.url), self._said(error))
                    await asyncio.sleep(self.limits.pause_s * 2**failures)
            return await self._attempt(client)

    async def _attempt(self, client: httpx.AsyncClient) -> Result:
        kept = Version.kept(self.target, self.url)
        begun = Version.kept(self.part, self.url)
        asked = kept.if_changed if kept else {}
        if begun and begun.unless_changed:
            size = self.part.stat().st_size
            asked |= {"Range": f"bytes={size}-", "If-Range": begun.unless_changed}
        async with self._answer(client, asked) as response:
            if response.status_code == HTTPStatus.NOT_MODIFIED and kept:
                self._forget_part()
                return "unchanged"
            start, whole = self._place(response, begun)
            await self._write(response, start, whole)
        self._put_in_place()
        return "downloaded"

    @asynccontextmanager
    async def _answer(
        self, client: httpx.AsyncClient, asked: dict[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """The first answer that does not lead elsewhere; its body is not read yet."""
        request = client.build_request("GET", self.url, headers=asked)
        for _ in range(self.limits.redirections + 1):
            response = await client.send(request, stream=True)
            try:
                if response.next_request is None:
                    yield response
                    return
                self._check_step(request.url, response.next_request.url)
                request = response.next_request
            finally:
                await response.aclose()
        raise _Refused(
            f"Le site {self.site} renvoie d'adresse en adresse, sans fin. "
            "Vérifiez celle du contrat."
        )

    def _check_step(self, here: httpx.URL, there: httpx.URL) -> None:
        if there.scheme not in ("http", "https"):
            raise _Refused(
                f"Le site {self.site} renvoie vers une adresse qui n'est pas du web "
                f"({there.scheme}). Elle n'a pas été suivie."
            )
        if (here.scheme, there.scheme) == ("https", "http"):
            raise _Refused(
                f"Le site {self.site} renvoie vers une adresse sans chiffrement (http). "
                "Elle n'a pas été suivie."
            )

    def _place(self, response: httpx.Response, begun: Version | None) -> tuple[int, int | None]:
        """Where this body starts in the file, and how long the file will be if the site says it.

        Raises `_Refused` or `_Passing` where the answer is not a file.
        """
        if response.status_code == HTTPStatus.OK:
            return 0, None
        found = _RANGE.fullmatch(_header(response, "content-range"))
        if response.status_code == HTTPStatus.PARTIAL_CONTENT and begun and found:
            start, whole = int(found[1]), int(found[2]) if found[2].isdecimal() else None
            if start == self.part.stat().st_size and begun.goes_on_in(response):
                return start, whole
        raise self._trouble(response.status_code)

    def _trouble(self, status: int) -> _Refused | _Passing:
        match status:
            case HTTPStatus.PARTIAL_CONTENT | HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                # Another version, or another part: the next attempt asks for the whole.
                self._forget_part()
                return _Passing(f"Le site {self.site} n'a pas envoyé la suite du fichier.")
            case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                return _Refused(
                    f"Le fichier n'est plus à son adresse sur {self.site} (réponse {status}). "
                    "Cherchez la nouvelle sur la page du producteur, et corrigez le contrat."
                )
            case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return _Passing(f"Le site {self.site} est en panne (réponse {status}).")
            case _:
                return _Refused(f"Le site {self.site} ne donne pas le fichier (réponse {status}).")

    async def _write(self, response: httpx.Response, start: int, whole: int | None) -> None:
        if encoding(response) not in ("", "gzip"):
            raise _Refused(f"Le site {self.site} envoie le fichier sous une forme inconnue.")
        self._weigh(start + int(_header(response, "content-length") or 0))
        known = start >= HEAD
        with self.part.open("ab" if start else "wb") as writer:
            # Now that nothing is left of another version, and before what might be cut.
            if not start:
                Version.of(self.url, response).remember(self.part)
            async for chunk in self._unpacked(response):
                writer.write(chunk)
                self._weigh(writer.tell())
                if not known and writer.tell() >= HEAD:
                    writer.flush()
                    self._check_kind()
                    known = True
            writer.flush()
            os.fsync(writer.fileno())
        self._check_kind()
        if whole not in (None, self.part.stat().st_size):
            raise _Passing(f"Le site {self.site} a coupé l'envoi avant la fin.")

    async def _unpacked(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """The bytes of the file itself; httpx would not see that packed ones stop too early."""
        if not encoding(response):
            async for chunk in response.aiter_raw():
                yield chunk
            return
        unpack = zlib.decompressobj(wbits=31)
        try:
            async for packed in response.aiter_raw():
                yield unpack.decompress(packed, CHUNK)
                while unpack.unconsumed_tail:
                    yield unpack.decompress(unpack.unconsumed_tail, CHUNK)
            yield unpack.flush()
        except zlib.error as error:
            raise _Passing(f"Le site {self.site} a envoyé un fichier abîmé.") from error
        if not unpack.eof or unpack.unused_data:
            raise _Passing(f"Le site {self.site} a envoyé un fichier abîmé.")

    def _weigh(self, size: int) -> None:
        if size > self.limits.max_bytes:
            raise _Refused(
                f"Le fichier de {self.site} dépasse {self.limits.max_bytes >> 20} Mo, la limite : "
                "ce n'est sans doute pas le bon."
            )

    def _check_kind(self) -> None:
        with self.part.open("rb") as reader:
            head = reader.read(HEAD)
        if not head:
            raise _Refused(f"Le fichier envoyé par {self.site} est vide.")
        if is_web_page(head):
            raise _Refused(
                f"À cette adresse, {self.site} donne une page web, pas le fichier. "
                "Cherchez la nouvelle adresse sur la page du producteur, et corrigez le contrat."
            )
        if not looks_like(self.kind, head):
            raise _Refused(
                f"Le fichier envoyé par {self.site} n'est pas {KINDS[self.kind]}. "
                "Vérifiez l'adresse et la lecture que dit le contrat."
            )

    def _put_in_place(self) -> None:
        # A memory never speaks of a file that it does not know: without one, all is asked again.
        memory(self.target).unlink(missing_ok=True)
        self.part.replace(self.target)
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        memory(self.part).replace(memory(self.target))

    def _forget_part(self) -> None:
        self.part.unlink(missing_ok=True)
        memory(self.part).unlink(missing_ok=True)

    def _said(self, error: Exception) -> str:
        match error:
            case _Passing():
                return str(error)
            case httpx.ProxyError():
                return f"Le serveur mandataire ne laisse pas atteindre {self.site}."
            case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
                return f"Le certificat présenté pour {self.site} n'est pas reconnu."
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return f"Le site {self.site} est injoignable."
            case httpx.TimeoutException():
                return f"Le site {self.site} ne répond plus."
            case _:
                return f"Le site {self.site} a coupé l'envoi avant la fin."


def _header(response: httpx.Response, name: str) -> str:
    return str(response.headers.get(name, ""))


def _user_agent() -> str:
    contact = os.environ.get("OBSERVATOIRE_CONTACT", "")
    asked = "".join(sign for sign in contact if " " <= sign <= "~")
    return "ObservatoireAccesAuxDroitsSQY" + (f" (contact : {asked})" if asked else "")


def _shown(url: str) -> str:
    """The address without what may be secret in it."""
    address = httpx.URL(url)
    return f"{address.scheme}://{address.host}{address.path}"
