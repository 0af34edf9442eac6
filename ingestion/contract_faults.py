"""What is wrong in a contract, in French, with the line of the file where it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

Place = Sequence[int | str]

_ENTRIES = "des entrées « nom: valeur » sont attendues"
_INTEGER = "un nombre entier est attendu"
_NUMBER = "un nombre est attendu"
_BOOLEAN = "true ou false est attendu"
_DATE = "une date est attendue (AAAA-MM-JJ)"
# Pydantic's kinds of faults that a hand at work on a contract really makes.
_SENTENCES = {
    "missing": "entrée obligatoire, absente",
    "extra_forbidden": "entrée inconnue",
    "literal_error": "est attendu l'un de {values}",
    "string_type": "un texte est attendu",
    "string_pattern_mismatch": "la forme attendue est {pattern}",
    "string_too_short": "au moins {min_length} caractère est attendu",
    "string_too_long": "au plus {max_length} caractère(s) sont attendus",
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "greater_than_equal": "au moins {ge:g} est attendu",
    "less_than_equal": "au plus {le:g} est attendu",
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "list_type": "une liste est attendue, entre crochets",
    "dict_type": _ENTRIES,
    "model_type": _ENTRIES,
}


class Fault(ValueError):
    """Entries that do not agree; `place` leads to the faulty one from the entry that is checked."""

    def __init__(self, message: str, *place: int | str) -> None:
        super().__init__(message)
        self.place = place


def faults_in(text: str, error: ValidationError) -> list[str]:
    """One French sentence a fault: the line in `text`, the entry, and what is expected there."""
    said = []
    for fault in error.errors():
        cause = fault.get("ctx", {}).get("error")
        place = [*fault["loc"], *(cause.place if isinstance(cause, Fault) else ())]
        entry = ".".join(str(step) for step in place) or "contrat"
        said.append(f"ligne {line_of(text, place)}, {entry} : {_sentence(fault)}")
    return said


def line_of(text: str, place: Place) -> int:
    """The line of the deepest entry of `place` that the file has (1 where there is none)."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            entry = next((e for e in node.value if e[0].value == str(step)), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _sentence(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    sentence = _SENTENCES.get(fault["type"])
    if sentence is None:
        return str(context.get("error", fault["msg"]))
    values = ", ".join(re.findall(r"'([^']*)'", str(context.get("expected"))))
    said = sentence.format(**context, values=values)
    given = fault["input"]
    about_value = isinstance(given, str | int | float) and fault["type"] != "extra_forbidden"
    return f"« {given} », {said}" if about_value else said
