"""Identifiers replaced by keyed pseudonyms (HMAC-SHA-256): one key a year, never in the warehouse.

A plain hash of an identifier can be found again by trying them all; with a key that only the
observatory has, it cannot. The key of a year is destroyed when its files are no longer linked.
"""

from __future__ import annotations

import hashlib
import os

from warehouse.settings import Settings, SettingsError

KEYS = "OBSERVATOIRE_CLES_PSEUDONYMES"
MIN_LENGTH = 32  # characters: as many as the hash has bytes
BLOCK = 64  # bytes, of SHA-256
# Public, and for invented data only.
DEMONSTRATION_KEY = "cle-publique-de-la-demonstration"


class Keys:
    """The keys by year. `OBSERVATOIRE_CLES_PSEUDONYMES` holds them as `2024=…,2025=…`."""

    def __init__(self, by_year: dict[str, bytes], fallback: bytes | None = None) -> None:
        self._by_year = by_year
        self._fallback = fallback

    @classmethod
    def from_environment(cls, settings: Settings) -> Keys:
        """The keys of the environment; the public one where these are extracts.

        Raises `SettingsError` where a key is missing or too short.
        """
        given = os.environ.get(KEYS, "")
        if settings.demonstration:
            return cls({}, DEMONSTRATION_KEY.encode())
        entries = [entry.strip() for entry in given.split(",") if entry.strip()]
        keys = dict(entry.partition("=")[::2] for entry in entries)
        short = [year for year, key in keys.items() if len(key) < MIN_LENGTH]
        if short:
            raise SettingsError(
                f"{KEYS} : la clé de {', '.join(short)} a moins de {MIN_LENGTH} caractères. Tirez "
                "une clé au hasard : voir docs/en/runbooks/pseudonyms.md."
            )
        return cls({year: key.encode() for year, key in keys.items()})

    def of(self, year: str) -> bytes:
        """The key of a year; raises `SettingsError` where there is none."""
        key = self._by_year.get(year, self._fallback)
        if key is None:
            raise SettingsError(
                f"{KEYS} : pas de clé pour {year}. Rien n'est chargé. Ajoutez "
                f"« {year}=… » : voir docs/en/runbooks/pseudonyms.md."
            )
        return key


def key_id(key: bytes) -> str:
    """The public name of a key: it tells which one was used, and nothing of it."""
    return hashlib.sha256(b"cle:" + key).hexdigest()[:8]


def pseudonym_sql(cell: str, key: bytes) -> str:
    """The pseudonym of a text expression: the key's name, then the HMAC-SHA-256 in hexadecimal.

    RFC 2104, written with the engine's SHA-256. The expression holds the padded key: it is run,
    never logged nor kept.
    """
    block = (key if len(key) <= BLOCK else hashlib.sha256(key).digest()).ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block).hex() for pad in (0x36, 0x5C))
    hashed = f"sha256(unhex('{inner}') || encode({cell}))"
    return (
        f"case when {cell} is not null then"
        f" '{key_id(key)}:' || sha256(unhex('{outer}') || unhex({hashed})) end"
    )
