"""The YAML of a contract as data, and where it cannot be read."""

from __future__ import annotations

from typing import Any

import yaml


class _UniqueKeys:
    """A loader that refuses an entry given twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"« {key.value} » est déjà plus haut", problem_mark=key.start_mark
                )
            seen.add(key.value)
        # The loader that this is mixed with has it: mypy sees the mixin alone.
        return super().construct_mapping(node, deep)  # type: ignore[misc]


class _Exact(_UniqueKeys, yaml.SafeLoader):
    pass


# The loader written in C is much faster, where libyaml is there: mypy cannot name that base.
class _Fast(_UniqueKeys, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    pass


def load_yaml(text: str) -> object:
    """What the text says; raises `yaml.YAMLError` where it is not YAML or an entry comes twice."""
    # S506: the linter cannot see that this loader is a safe one.
    return yaml.load(text, Loader=_Fast)  # noqa: S506


def unreadable(text: str) -> str:
    """Where, and probably why, this text is not YAML (French)."""
    try:
        # The fast loader that found it wrong does not say where as well as this one, safe too.
        yaml.load(text, Loader=_Exact)  # noqa: S506
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or ""
    else:
        mark, problem = None, ""
    if mark is None:
        return "le fichier n'est pas du texte YAML"
    where = f"ligne {mark.line + 1}, colonne {mark.column + 1}"
    if problem.startswith("«"):
        return f"{where} : {problem}"
    if "'\\t'" in problem:
        why = "une tabulation ; décalez les lignes avec des espaces"
    else:
        why = "vérifiez le décalage des lignes, les guillemets, les crochets et les deux-points"
    return f"{where} : le YAML ne se lit pas ici, {why}"
