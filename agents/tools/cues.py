"""The verb that a question asks for by its words alone, where it has none of the forms: one word that belongs to a
verb, and symbols; everything else must be words that say nothing.

"If I rename my_name, what else must be touched?" has "rename", a symbol, and nothing that is not understood. One word
more that is neither ("the default of my_name"), a number, a quotation, or a symbol that is not written like code, and
the question is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .base import Verb
from .forms import is_code_like

_TOKEN = re.compile(r"`[^`]+`|[A-Za-z_][\w.]*(?:\(\))?")
_OTHER = re.compile(r"(?<![\w.])\d|[\"/\\]|(?<!\w)'|(?<!\w)-")
"""Numbers, quotations, paths, flags."""
_SILENT_WORDS = """
a an the this that these those it its they them their there here i we you he she one my our your me us who what
which where when why how is are was were be been being do does did done has have had having can could would should
will may might must shall if then else and or but not no of to in on at by for from with within inside outside into
out up off over under between among through via about as so than too very just only also even still ever yet already
again actually exactly currently directly indirectly eventually internally externally anywhere somewhere everywhere
any anything anyone every everything all some something someone other others another each both more most many much
such same own s re ll ve d please show list give tell find get print name display see look know need needs want
wanted like function functions method methods class classes module modules package packages file files code codebase
base line lines place places part parts thing things symbol symbols definition definitions project repo repository
library app application program system exception exceptions error errors type types object objects instance
instances names happen happens happening go goes work working stop stops let lets make makes possible way ways once
while during after before until since dependency dependencies graph tree python unit test tests first last call
calls gets got getting end ends ended ending fail fails failing broke responsible involved relevant related whole
entire full complete various really basically normally usually typically always never correctly properly simply main
itself themselves together apart along across behind below above next previous following several few lists listing
kinds sort sorts case cases point points side
"""
_SILENT = frozenset(_SILENT_WORDS.split())
"""Words that say nothing of what is asked for."""


@dataclass(frozen=True, slots=True)
class Cue:
    verb: Verb
    arguments: dict[str, str]


def by_words(text: str, verbs: Sequence[Verb]) -> Cue | None:
    """The first verb that one of the words belongs to and whose parameters the symbols fill."""
    if _OTHER.search(text):
        return None
    tokens = [found.group().strip("`").removesuffix("()").strip(".") for found in _TOKEN.finditer(text)]
    for verb in verbs:
        wanted = [parameter.name for parameter in verb.parameters if not parameter.option]
        symbols = [place for place, token in enumerate(tokens) if not _understands(token, verb)]
        if not all(is_code_like(tokens[place]) for place in symbols):
            continue
        if len(symbols) == len(wanted) and _asks(tokens, verb, symbols[0] if symbols else -1):
            # In the order of the question, but the one behind "from" first.
            order = sorted(symbols, key=lambda place: (tokens[place - 1].lower() != "from" if place else True, place))
            named = [tokens[place] for place in order]
            return Cue(verb, dict(zip(wanted, named, strict=True)))
    return None


def _understands(token: str, verb: Verb) -> bool:
    """A token is understood when it is not written like code and says nothing or is the verb's own word."""
    plain = token.lower()
    known = plain in _SILENT or any(cue.fullmatch(plain) for cue, _ in _cues(verb.words))
    return known and not is_code_like(token)


def _asks(tokens: Sequence[str], verb: Verb, symbol: int) -> bool:
    return any(
        cue.fullmatch(token.lower()) and (not behind or place > symbol)
        for cue, behind in _cues(verb.words)
        for place, token in enumerate(tokens)
        if place != symbol
    )


@lru_cache(maxsize=256)
def _cues(words: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Each word's pattern, and whether it must stand behind the symbol."""
    parts = re.split(r"\|(?![^(]*\))", words) if words else []
    return tuple((re.compile(part.removeprefix(">")), part.startswith(">")) for part in parts)
