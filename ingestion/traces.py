"""Where a program broke, without what it was reading: an error's message may repeat a cell."""

from __future__ import annotations

import traceback


def without_message(error: BaseException) -> str:
    """The frames and the kind of an error, one a line."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([*where, f"{type(error).__module__}.{type(error).__qualname__}"])
