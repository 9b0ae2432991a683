"""Which elements of a page people do not see, told from its attributes and the simple rules of its own styles.

Of CSS only ``display`` and ``visibility`` of selectors such as ``.a``, ``#b`` or ``p.a.c`` count. Rules within
``@media`` and the like are passed over, as are files of styles that the page refers to: nothing is loaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HIDING = re.compile(r"(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE)
_SHOWING = re.compile(r"(?:^|[;{\s])(?:display|visibility)\s*:\s*\w", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{};]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}?")
_RULE = re.compile(r"([^{}]++)\{([^{}]*+)\}")
_SELECTOR = re.compile(r"([A-Za-z][\w-]*)?((?:[.#][\w-]+)*)")
_RULES = 5_000
_STYLES = 500_000
"""Characters of styles that are read."""


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str
    names: frozenset[str]
    """``.class`` and ``#id``."""
    hides: bool
    weight: tuple[int, int, int]
    """Its ids, its classes, its place: the greatest decides."""


class HtmlStyles:
    """The rules of a page, by one name of each selector."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        plain = _AT_BLOCK.sub("", _COMMENT.sub("", css[:_STYLES]))
        place = 0
        for selectors, declared in _RULE.findall(plain):
            hides = bool(_HIDING.search(declared))
            if not hides and not _SHOWING.search(declared):
                continue
            for selector in selectors.split(","):
                found = _SELECTOR.fullmatch(selector.strip())
                if found and found[2] and place < _RULES:
                    place += 1
                    names = re.findall(r"[.#][\w-]+", found[2])
                    ids = sum(name[0] == "#" for name in names)
                    rule = _Rule((found[1] or "").lower(), frozenset(names), hides, (ids, len(names) - ids, place))
                    self._rules[names[0]].append(rule)

    def hide(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether the element is not shown. What is written at the element itself goes before every rule."""
        own = attributes.get("style", "")
        if own and _HIDING.search(own):
            return True
        if not self._rules or (own and _SHOWING.search(own)):
            return False
        names = {f".{name}" for name in attributes.get("class", "").split()}
        if "id" in attributes:
            names.add(f"#{attributes['id']}")
        fitting = [
            rule
            for name in names
            for rule in self._rules.get(name, ())
            if rule.names <= names and rule.tag in ("", tag)
        ]
        return max(fitting, key=lambda rule: rule.weight).hides if fitting else False


def styles_of(root: Any) -> HtmlStyles:
    return HtmlStyles("\n".join("".join(style.itertext()) for style in root.iter("style")))


def is_hidden(element: Any, styles: HtmlStyles) -> bool:
    """Whether an element is hidden: it is then left out and counted."""
    attributes = element.attrib
    if element.tag == "template" or (element.tag == "dialog" and "open" not in attributes):
        return True
    if attributes.get("hidden", "until-found") != "until-found" or attributes.get("aria-hidden") == "true":
        return True
    return styles.hide(element.tag, attributes)
