"""Changes to the text of a contract that leave all the rest of it as a hand wrote it."""

from __future__ import annotations

import yaml

Place = tuple[str, ...]


class ContractText:
    """The text of a contract, and the changes to make in it, each told by the entry it touches.

    Places are the names that lead to an entry: `("columns", "population")`. Values are given as
    they are written in YAML. An entry that is not there raises `KeyError`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        self._changes: list[tuple[int, int, int, str]] = []  # start, end, indent, new text

    def changed(self) -> str:
        """The text with every change made."""
        text = self._text
        # From the end, so that places stay true. What is added at one place keeps its order, but
        # for what belongs to the entry above, which comes first.
        ordered = sorted(self._changes, key=lambda change: (*change[:2], -change[2]))
        for start, end, _, new in reversed(ordered):
            text = text[:start] + new + text[end:]
        return text

    def set(self, place: Place, name: str, value: str) -> None:
        """Give an entry of a mapping this value; add it at the end where it is not there."""
        mapping = self._mapping(place)
        known = _entry(mapping, name)
        if known is not None and _is_block(known[1]):
            colon = self._text.index(":", known[0].end_mark.index)
            self._changes.append((colon, _end(known[1]), 0, f": {value}"))
        elif known is not None:
            self._replace(known[1], value)
        else:
            self._append(mapping, f"{name}: {value}")

    def append(self, place: Place, value: str) -> None:
        """Add a value to a list, which may be written as the one value that it holds."""
        node = self._node(place)
        if isinstance(node, yaml.ScalarNode):
            self._replace(node, f"[{self._written(node)}, {value}]")
        elif isinstance(node, yaml.SequenceNode):
            self._append(node, value)

    def add_after(self, place: Place, name: str | None, line: str) -> None:
        """Put a new entry after one of a mapping; before them all where `name` is None."""
        mapping = self._mapping(place)
        indent = mapping.start_mark.column
        known = _entry(mapping, name) if name else None
        if mapping.flow_style:
            at = _end(known[1]) if known else mapping.start_mark.index + 1
            self._insert(at, f", {line}" if known else f"{line}, ")
        elif known is None:
            self._insert(mapping.start_mark.index - indent, f"{' ' * indent}{line}\n", indent)
        else:
            self._insert(self._end_of_line(known[1]), f"\n{' ' * indent}{line}", indent)

    def _node(self, place: Place) -> yaml.Node:
        node: yaml.Node | None = self._root
        for step in place:
            found = _entry(node, step)
            node = found[1] if found else None
        if node is None:
            raise KeyError(".".join(place))
        return node

    def _mapping(self, place: Place) -> yaml.MappingNode:
        node = self._node(place)
        if not isinstance(node, yaml.MappingNode):
            raise KeyError(".".join(place))
        return node

    def _replace(self, node: yaml.Node, value: str) -> None:
        self._changes.append((node.start_mark.index, _end(node), 0, value))

    def _insert(self, at: int, text: str, indent: int = 0) -> None:
        self._changes.append((at, at, indent, text))

    def _written(self, node: yaml.Node) -> str:
        return self._text[node.start_mark.index : _end(node)]

    def _append(self, node: yaml.CollectionNode, item: str) -> None:
        """Add an item to a mapping or a list, in the style in which it is written."""
        if node.flow_style:
            self._insert(node.end_mark.index - 1, f", {item}" if node.value else item)
        else:
            dash = "- " if isinstance(node, yaml.SequenceNode) else ""
            indent = node.start_mark.column
            self._insert(self._end_of_line(node), f"\n{' ' * indent}{dash}{item}", indent)

    def _end_of_line(self, node: yaml.Node) -> int:
        """Where the last line of an entry ends, its remark included."""
        end = self._text.find("\n", _end(node))
        return len(self._text) if end < 0 else end


def _entry(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((entry for entry in node.value if entry[0].value == name), None)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style and bool(node.value)


def _end(node: yaml.Node) -> int:
    """Where what is written of a node ends; a block's own mark stands after what follows it."""
    if _is_block(node):
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.index
    return end
