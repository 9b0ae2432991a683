"""Things that a statement names in their order, "in this order: A, B, C", "A → B → C", and which of them is first,
last, or next to the one that a question names.
"""

from __future__ import annotations

import re

_FEW = r"[^\s,;:()→>]+(?: [^\s,;:()→>]+){0,3}"
_CHAIN = re.compile(rf"{_FEW}(?:\s?(?:→|->|⇒)\s?{_FEW}){{2,}}")
_ORDERED = re.compile(
    r"\b(?:order|sequence|one after (?:the other|another)|reihenfolge)\b[^:;.]{0,40}:\s*(?P<things>[^.;:]+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s?(?:→|->|⇒)\s?|,? (?:and then|and finally|and|then|finally|und|dann) |,\s*")
_LEAD = re.compile(r"^(?:the|first|then|finally|zuerst|dann|die|der|das)\s+", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:(?P<first>first|earliest|begins?|starts?|zuerst|erste[rsn]?)"
    r"|(?P<last>last|latest|finally|ends?|zuletzt|letzte[rsn]?)"
    r"|(?P<after>after|follows|following|nach)|(?P<before>before|precedes|preceding|vor))\b",
    re.IGNORECASE,
)
_LEAST = 3
OF_ORDER = frozenset({"order", "ordinal", "time"})
"""Groups of deciding words that an order tells of."""
OF_PLACES = "first last after before come comes run runs follow follows precede start begin end next"
"""Words that it tells of without saying them."""


def things_in_order(statement: str) -> list[str]:
    """Three or more, as they are written; none where the statement tells no order outright."""
    chain, ordered = _CHAIN.search(statement), _ORDERED.search(statement)
    told = chain[0] if chain else ordered["things"] if ordered else ""
    things = [_LEAD.sub("", one.strip(" `*\"'")) for one in _BETWEEN.split(told)]
    return things if len(things) >= _LEAST and all(things) else []


def asked_of_order(question: str, statement: str) -> str:
    """The thing whose place in the order the question asks for; empty where it asks for none, or names several of the
    things, or the order does not tell."""
    asked = list(_PLACE.finditer(question))
    things = things_in_order(statement) if len(asked) == 1 else []
    if not things:
        return ""
    found = asked[0]
    forms = [re.compile(rf"(?<!\w){re.escape(one)}(?!\w)", re.IGNORECASE) for one in things]
    named = [at for at, form in enumerate(forms) if form.search(question)]
    if found["first"] or found["last"]:
        told = re.search(rf"\b{re.escape(found[0])}\b", statement, re.IGNORECASE)  # "… onSend. onResponse runs last."
        return "" if named or told else things[0 if found["first"] else -1]
    if len(named) != 1 or not forms[named[0]].search(question, found.end()):
        return ""
    at = named[0] + (1 if found["after"] else -1)
    return things[at] if 0 <= at < len(things) else ""
