"""A file that cannot be accepted, said to a person."""

from __future__ import annotations


class Refusal(Exception):
    """The file is refused.

    `rule` is a short stable name; the message (French) says what is wrong, where in the file,
    what was expected and what to do. `rows_received` counts data rows where they could be read.
    """

    def __init__(self, rule: str, message: str, rows_received: int = 0) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.rows_received = rows_received

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str, int]]:
        return (Refusal, (self.rule, self.message, self.rows_received))
