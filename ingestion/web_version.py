"""Which version of a file a site gave: remembered beside the file, to ask for the next one."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import httpx


@dataclass(frozen=True)
class Version:
    """How a site names the version that a file of ours holds.

    A body that was `encoded` on its way cannot be completed once cut.
    """

    url: str
    etag: str | None
    modified: str | None
    encoded: bool

    @classmethod
    def of(cls, url: str, response: httpx.Response) -> Self:
        said = response.headers
        return cls(url, said.get("etag"), said.get("last-modified"), bool(encoding(response)))

    @classmethod
    def kept(cls, path: Path, url: str) -> Self | None:
        """That of a file here, where it is known to come from this address."""
        if not path.is_file():
            return None
        with suppress(OSError, ValueError, TypeError):
            version = cls(**json.loads(memory(path).read_text(encoding="utf-8")))
            return version if version.url == url else None
        return None

    def remember(self, path: Path) -> None:
        memory(path).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @property
    def if_changed(self) -> dict[str, str]:
        """The headers that ask for a file only if it is another version."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}

    @property
    def unless_changed(self) -> str | None:
        """What makes a site send the rest of this version, or the whole of another one."""
        if self.encoded:
            return None
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def goes_on_in(self, response: httpx.Response) -> bool:
        """Whether the answer to a request for the rest does not speak of another version."""
        said = self.of(self.url, response)
        return (
            not said.encoded
            and said.etag in (None, self.etag)
            and said.modified in (None, self.modified)
        )


def memory(path: Path) -> Path:
    """Where the version of a file is remembered: under a name that no contract claims."""
    return path.with_name(f"{path.name}.suivi")


def encoding(response: httpx.Response) -> str:
    """How a body is compressed on its way; empty where it is not."""
    said = str(response.headers.get("content-encoding", "")).strip().lower()
    return "" if said == "identity" else said
