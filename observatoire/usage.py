"""A command that cannot be understood is answered in French, with the help that says how."""

from __future__ import annotations

from typing import Any

import typer

MISUSED = 2  # the exit code of a command that was not understood


def misuse(error: typer.TyperException) -> str:
    """What is wrong in the command that was typed, and where its help is."""
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context else "observatoire"
    return f"{_what(error)} Aide : {command} --help"


def _what(error: typer.TyperException) -> str:
    parameter: Any = getattr(error, "param", None)
    option = getattr(error, "option_name", None)
    match type(error).__name__:
        case "MissingParameter":
            return f"Il manque {_shown(parameter)}."
        case "BadParameter":
            return f"La valeur donnée pour {_shown(parameter)} ne convient pas."
        case "NoSuchOption":
            known = getattr(error, "possibilities", None)
            near = f" (peut-être {', '.join(sorted(known))})" if known else ""
            return f"Option inconnue : {option}{near}."
        case "BadOptionUsage":
            return f"L'option {option} attend une valeur, ou n'en attend pas."
        case _:
            return "Commande inconnue, ou mots en trop."


def _shown(parameter: Any) -> str:
    if parameter is None:
        return "un argument"
    if parameter.param_type_name == "option":
        return f"l'option {parameter.opts[0]}"
    return f"l'argument {parameter.name.upper()}"
