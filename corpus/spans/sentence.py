"""Sentences, the unit of quotation: verbatim offsets inside a stretch of prose, a list, a table, a docstring or code.

Every character that is not white space lies in exactly one of them. Knows nothing of documents or passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .units import units

_STOP = re.compile(
    r"(?:(?<=[^\s.!?…])|(?<=\s[.!?…])|(?<=\A[.!?…]))(?P<stop>[.!?…]+)(?P<close>[\"'”’»)\]*_`]*)(?=\s)"
    r"|[。！？]+[”’」』）]*"
)
_LAST_WORD = re.compile(r"[\w.&/-]*$")
_NEXT_WORD = re.compile(r"\s+[\"'“‘«(\[*_`]*([^\W_]*)")

# Never the end of a sentence.
_TITLES = re.compile(
    r"dr|mr|mrs|ms|mx|prof|st|gen|col|lt|sgt|capt|cmdr|rev|hon|pres|gov|sen|rep|messrs|mt|ft|vs|cf|e\.g|i\.e|eg|ie|viz|approx"
    r"|ca|al|resp|incl|excl"
)
# Not the end of a sentence when a number follows.
_NUMBERED = re.compile(
    r"ext|extn|tel|fax|mob|nr|abs|kl|zi|\w*str|apt|bldg|rm|reg|para|cl|ser|min|max|mind|höchst|dep|arr|inv|acc"
    r"|ziff?|kap|anl|anh|rn|rz|pos|lfd|nos?|figs?|eqs?|vols?|pp?|sec|sect|ch|chap|art|refs?|tab|pt|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
# May end a sentence, as initials may; one of the starters, capitalised, then begins the next.
_MAYBE = re.compile(
    r"inc|ltd|co|corp|bros|jr|sr|etc|est|dept|univ|ave|blvd|rd|a\.m|p\.m|ph\.d|m\.d|b\.a|m\.a|b\.sc|m\.sc|[a-z]|(?:[a-z]\.)+[a-z]"
)
_STARTERS = re.compile(
    "the|an?|in|its?|he|she|they|this|these|that|those|we|you|i|our|his|her|their|however|but|and|for|on|at|as|if|when|while"
    "|after|before|there|then|since|although|both|each|some|many|most|no|not|to|from|with|by|during|under|what|who|where|why"
    "|how|which|one|two"
)

CLAUSE = (
    r"(?:§§?|(?:art|abs|nr|no|ziff|kap|sect?|ch|cl|par)\.|article|artikel|absatz|nummer|ziffer|kapitel|section|chapter"
    r"|clause|paragraph|rule|regel|klausel|punkt|top)[ \t]*\d{1,3}[a-z]?(?:\.\d{1,2})*"
)
"""The number of a clause as a pattern in any case: "§ 4", "Art. 3", "rule 5a". A full stop behind it ends nothing."""
_NUMBER_OF_CLAUSE = re.compile(CLAUSE, re.IGNORECASE)

# German: what stands before a full stop that ends nothing, and the words that begin a sentence after a number.
# What stands behind an ordinal number, which ends nothing in German: "29. September", "3. Stock".
_AFTER_ORDINAL = re.compile(
    r"januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|jan|feb|apr|jun|jul|aug"
    r"|sept?|okt|nov|dez|stock|stockwerk|etage|obergeschoss|untergeschoss|og|ug|klasse|platz|rang|auflage|quartal"
    r"|halbjahr|schuljahr|lebensjahr|woche|kalenderwoche|tag|jahrhundert|advent|rate|mahnung|absatz|satz|reihe|stufe"
)
_GERMAN = re.compile(r"\b(?:der|die|das|und|ist|nicht|mit|von|für|den|dem|ein|eine|zum|zur|im|am|sich|wird|bis)\b")
_GERMAN_SHORT = re.compile(
    r"[a-zäöü]|bzw|usw|ggf|evtl|inkl|exkl|nr|abs|art|str|tel|hr|fr|mio|mrd|std|min|max|sek|bd|jh|geb|gest|sog|vgl|bspw|zzgl"
    r"|einschl|mind|ca|etc|z\.b|d\.h|u\.a|o\.ä|i\.d\.r|s\.o|s\.u"
)
_GERMAN_STARTERS = re.compile(
    "der|die|das|ein|eine|es|er|sie|wir|ich|im|in|am|an|auf|aus|bei|nach|seit|mit|für|zu|zum|zur|von|vom|wenn|als|da|dann"
    "|dort|hier|auch|aber|doch|und|oder|diese[rsmn]?|ihre?|seine?|alle|jede[rsmn]?|viele|bis|um|wer|was|wie|wo|wann|so|nun"
)


def sentences(text: str, start: int, end: int, kind: str = "section") -> list[tuple[int, int]]:
    """The offsets of the sentences of ``text[start:end]`` in order, none of them with white space at its ends.

    In structured text the unit is the list item's sentence, the table row, the parameter entry of a docstring, or the
    statement of code. ``kind`` is the passage's: for ``function``, ``class``, ``module`` and ``code`` lines are code.
    """
    found: list[tuple[int, int]] = []
    for unit_start, unit_end, prose in units(text, start, end, kind):
        found.extend(_prose(text, unit_start, unit_end) if prose else [(unit_start, unit_end)])
    return found


def _prose(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    german = len(_GERMAN.findall(text, start, end)) > 1
    for match in _STOP.finditer(text, start, end):
        if match.start() < begin or not _ends(text, begin, match, end, german):
            continue
        yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _ends(text: str, begin: int, match: re.Match[str], end: int, german: bool) -> bool:
    """Whether the sentence that began at ``begin`` ends with this stop."""
    if match["stop"] is None:
        return True
    following = _NEXT_WORD.match(text, match.end(), end)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    if match["stop"] != ".":
        return True
    if _NUMBER_OF_CLAUSE.fullmatch(text, begin, match.start()):
        return False
    last = _LAST_WORD.search(text[max(begin, match.start() - 24) : match.start()])
    before = last[0] if last else ""
    if before.isdigit() and len(before) <= 2 and _AFTER_ORDINAL.fullmatch(word.lower()):
        return False
    if german and ((before.isdigit() and len(before) <= 2) or _GERMAN_SHORT.fullmatch(before.lower().strip(".-/"))):
        return bool(_GERMAN_STARTERS.fullmatch(word.lower()))
    return _full_stop(before, word, match.start() - begin)


def _full_stop(last: str, following: str, length: int) -> bool:
    """Whether a full stop after the word ``last`` ends a sentence that has ``length`` characters before the stop."""
    lower = last.lower().strip(".-/")
    if _TITLES.fullmatch(lower) or (last.isdigit() and length == len(last)):
        return False
    if _NUMBERED.fullmatch(lower) and (following[:1].isdigit() or not following):
        return False
    if _MAYBE.fullmatch(lower) and not (len(last) == 1 and last.islower()):
        return bool(_STARTERS.fullmatch(following.lower()))
    return True
