"""What the first bytes of a file say that it is."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["blocks", "csv", "geojson", "json", "xlsx", "xls", "zip"]

HEAD = 512  # bytes: enough to know a kind by
ZIP = b"PK\x03\x04"  # an archive, or a workbook .xlsx
OLE = b"\xd0\xcf\x11\xe0"  # a workbook .xls
KINDS: dict[Kind, str] = {
    "blocks": "du texte",
    "csv": "du texte CSV",
    "geojson": "du GeoJSON",
    "json": "du JSON",
    "xlsx": "un classeur .xlsx",
    "xls": "un classeur .xls",
    "zip": "une archive .zip",
}

_NOT_TEXT = (ZIP, OLE, b"\x1f\x8b", b"%PDF")
_WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)", re.IGNORECASE)


def is_web_page(start: bytes) -> bool:
    """Whether a file that begins so is a page of a site, an error page for instance."""
    return _WEB_PAGE.match(start[:200]) is not None


def looks_like(kind: Kind, start: bytes) -> bool:
    """Whether a file that begins so may be of this kind."""
    match kind:
        case "xlsx" | "zip":
            return start.startswith(ZIP)
        case "xls":
            return start.startswith(OLE)
        case "geojson":
            return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
        case "json":
            return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))
        case "csv" | "blocks":
            return b"\x00" not in start and not start.startswith(_NOT_TEXT)
