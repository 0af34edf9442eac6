"""What can be foreseen is said to a person, in a sentence."""

from __future__ import annotations


class Foreseen(Exception):
    """Something that can go wrong without a fault of ours; its message (French) says what to do."""
