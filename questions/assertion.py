# ruff: noqa: E501
"""Whether a statement asserts something: not a heading, a lead-in, a question, an aim or half a comment.

Looks at the statement's form alone; what it is about is for ``fit.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Level = Literal["sure", "likely", "unsure", "no"]
Fault = tuple[Level, str]
"""The best level that is left, and why, in words for people."""

_DELIMITER = re.compile(r"[\W_]*")
HEADING = re.compile(r"#{1,6}\s[^\n]*|[^\n]+\n\s*([=~^\"'`#*+-])\1{2,}\s*")
_PAGE = re.compile(
    r"(?:page|seite|p\.|slide|folie|sheet)\s*\d+(?:\s*(?:of|/|von)\s*\d+)?|-?\s*\d{1,4}\s*-?|\d+\s*(?:/|of|von)\s*\d+",
    re.I,
)
_CONTENTS = re.compile(r"[^\n]*?(?:\.\s?){4,}\s*\d+\s*|(?:table of )?contents|inhalt(?:sverzeichnis)?", re.I)
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_COMMENT = re.compile(r"(?:#|//|/\*+|\*|--|<!--|\"\"\"|''')\s*\S{0,12}\s*(?:\*/|-->)?")
REFERENCE = re.compile(r"(?:\.\.\s*)?\[(?![xX]\])\w+\]\s|https?://\S+$")

_POINTS = re.compile(r"[\W\d]*\[[^\]]*\]\([^)]*\)\W*|[-*+\s]*:(?:ref|doc):`[^`]*`\W*")
_AIM = re.compile(
    r"\b(?:(?:in order )?to (?:assess|evaluate|determine|investigate|examine|test|find out|explore|study|compare|establish|see|analy[sz]e|verify|check|clarify|understand) (?:whether|if|how|the|what|which|a|an|that)?"
    r"|(?:aim|aims|aimed|goal|objective|purpose|hypothesis|question|intention)s? (?:of [\w ]{1,40} )?(?:was|is|were|are|to|that|whether)\b"
    r"|(?:we|the authors|this (?:study|paper|report|article|trial)|the study|the trial) (?:aims?|aimed|investigates?|investigated|examines?|examined|sought|seeks?|evaluates?|assess(?:es)?|asks?|explores?|tests?|will (?:test|assess|examine))\b"
    r"|(?:hypothesi[sz]ed?|hypothesi[sz]es|suspected|assumed|postulated|speculated|expected) that\b"
    r"|whether\b|ob\b(?=[^.]*\b(?:ist|sind|wird|kann|hat)\b)|ziel (?:der|dieser|des)\b|um zu (?:prüfen|untersuchen))",
    re.I,
)  # fmt: skip
_RESULT = re.compile(
    r"\b(?:found|showed?|shown|demonstrated?|conclude[ds]?|results?|improved|reduced|increased|revealed|confirmed|regardless|observed|ergab|zeigte)\b",
    re.I,
)
_CONDITION = re.compile(
    r"^(?:to|for) [^,.]{3,60},|(?:^|[,;(]\s*|\b(?:only|even|and|but)\s+)(?:if|unless|in case|falls|wenn|sofern)\b", re.I
)
_EXAMPLE = re.compile(
    r"(?:^|[.;(,]\s*)(?:for (?:example|instance)|e\.\s?g\.|zum beispiel|z\.\s?b\.|suppose|imagine|say,|let's say)", re.I
)
_UNCERTAIN = re.compile(
    r"\b(?:(?:it is|remains) (?:unknown|unclear|not known|uncertain|disputed)|(?:might|could) (?:have|be)|allegedly|rumou?red|reportedly|supposedly|unbekannt|unklar|angeblich)\b",
    re.I,
)
_PLAN = re.compile(
    r"\b(?:was|were|is|are) to (?:be|have|get)\b|\bshould have (?:been )?\w+|\bwould (?:have )?(?:cost|be|need|take|bring|run|get|become)\b"
    r"|\b(?:planned|intended|hoped|wanted|proposed|meant) to\b|\b(?:was|were|is|are) (?:supposed|due|meant|planned|scheduled|expected|proposed) (?:to|for)\b"
    r"|\b(?:sollte|sollten|würde|würden) ",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|did|had|wurde|wurden|hat|haben|kostete)\b", re.IGNORECASE)
_PLAN_ASKED = re.compile(
    r"\b(?:would|should|plan\w*|suppos\w*|due|meant|expect\w*|propos\w*|estimat\w*|sollte\w*)\b", re.I
)
_CLAUSE = re.compile(
    r"[;:]\s|,\s|\s(?:but|while|whereas|although|though|aber|während|obwohl|sondern)\s|\.\s+(?=[A-Z])|\s[–—]\s", re.I
)


def form_faults(text: str, question: str, governors: tuple[str, ...], *, row: bool = False) -> list[Fault]:
    """What in the statement's form keeps it from being an answer; empty for a plain sentence, item or ``row``, of which
    one cell may be a question."""
    bare = text.strip()
    plain, asked = _plain(bare), _plain(question)
    if _DELIMITER.fullmatch(bare) or _RULE.fullmatch(bare):
        return [("no", "only a mark between parts")]
    if HEADING.fullmatch(bare):
        return [("no", "only a heading")]
    if _PAGE.fullmatch(bare) and not governors:
        return [("no", "only a page number")]
    if _CONTENTS.fullmatch(bare):
        return [("no", "a line of a table of contents")]
    if not row and asks_itself(bare):
        return [("no", "asks a question itself")]
    whole = question.rstrip().endswith("?")  # a few words to search for may well stand in the answer
    if asked and (plain == asked or (whole and len(asked) > 15 and asked in plain)):
        return [("no", "repeats the question")]
    if plain and any(plain == _plain(governor) for governor in governors):
        return [("no", "only the header or label of others")]
    if bare.endswith(":") and bare.count(":") == 1 and "\n" not in bare:
        return [("no", "only leads in to what follows")]
    if _COMMENT.fullmatch(bare) or _is_unclosed(bare):
        return [("no", "only a piece of a comment")]
    if REFERENCE.match(bare):
        return [("no", "only a reference")]
    return []


def _is_unclosed(text: str) -> bool:
    return len(text) < 30 and (text.count('"""') == 1 or ("/*" in text) != ("*/" in text)) and len(text.split()) < 4


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses: at commas, semicolons, sentence ends and contrasting conjunctions."""
    found, start = [], 0
    for cut in _CLAUSE.finditer(text):
        found.append((start, cut.start()))
        start = cut.end() if cut[0].strip() in (",", ";", ":", ".", "–", "—") else cut.start()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if b > a]


def aim(text: str) -> tuple[int, int] | None:
    """Where the statement says what is wanted, asked or supposed instead of what is so: the span of that clause."""
    found = _AIM.search(text)
    if found is None or text[max(0, found.start() - 15) : found.start()].lower().rstrip().endswith(
        ("regardless of", "no matter")
    ):
        return None
    end = next((b for a, b in clauses(text) if b > found.end()), len(text))
    rest = text[end:]
    return (found.start(), end if _RESULT.search(rest) or len(rest) > 20 else len(text))


_OPEN = re.compile(
    r"\b(?:unclear|unknown|uncertain|undetermined|controversial|debated|(?:not|never) (?:yet |fully |well )?(?:been |is |are )?(?:\w+ly )?"
    r"(?:clear|known|determined|established|understood|studied|resolved)|remains? to be|little is known|unklar|ungeklärt)\b",
    re.I,
)


def open_question(text: str) -> tuple[int, int] | None:
    """Where the statement leaves open whether something is so: from "whether" on."""
    asks = re.search(r"\b(?:whether|if|ob)\b", text, re.I)
    return (asks.start(), len(text)) if asks and _OPEN.search(text) else None


def points(text: str) -> bool:
    """A line of nothing but a link."""
    return _POINTS.fullmatch(text.strip()) is not None


def condition(text: str) -> bool:
    return _CONDITION.search(text) is not None


def example(text: str) -> bool:
    return _EXAMPLE.search(text) is not None


_OF_NOTHING = re.compile(
    r"\bthere (?:were|are|was|is|had been|have been) (?:about |some |only |nearly |over )?\d[\d.,]*\s*[.;!]?$",
    re.IGNORECASE,
)


def counts_nothing(text: str) -> bool:
    """Whether ``text`` gives a number and leaves to the sentence before it of what: "Two years ago there were 11." """
    return _OF_NOTHING.search(text.strip()) is not None


def only_planned(text: str, question: str) -> bool:
    """Whether ``text`` says what was meant to be, where ``question`` asks for what was."""
    return bool(_PLAN.search(text) and _PAST.search(question)) and not _PLAN_ASKED.search(question)


_ASKED_FOR = re.compile(
    r"\b(?:I|we|he|she|they|wir|ich) (?:also |still |now )?(?:ask(?:s|ed)? (?:for|if|whether|that|to|you)|offer(?:s|ed)? (?:that|to|you|him|her|them|£|€|\$|\d)"
    r"|propos(?:e|es|ed) (?:that|to)|suggest(?:s|ed)? (?:that|to)|request(?:s|ed)?|would like (?:to|a|an)|want(?:s|ed)? to|hope(?:s|d)? (?:to|that)|appl(?:y|ies|ied) for)\b"
    r"|(?<!if )(?<!when )\b(?:asked (?:for|if|whether|that)|asks? (?:if|whether)|proposes that|proposed (?:that|to)|suggested (?:that|to)|requested (?:that|to|permission|a|an)|applied for"
    r"|(?<!you )would like to|wondered (?:if|whether)|hopes? to|hoped (?:to|that)|has not (?:yet )?(?:decided|answered|replied))\b"
    r"|\b(?:bittet um|bat um|beantragt\w*|fragt\w* (?:ob|nach)|schlägt vor|schlug vor|möchte(?:n)?)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:ask\w*|request\w*|offer\w*|propos\w*|suggest\w*|want\w*|like|wish\w*|hop(?:e|ed|es|ing)|appl(?:y|ied|ies|ication)\w*|ideas?|plan\w*"
    r"|first|demand\w*|bid|frag\w*|angebot\w*|vorschl\w*|möchte\w*|wollte\w*)\b",
    re.IGNORECASE,
)


def only_asked_for(text: str, question: str) -> bool:
    """Whether ``text`` says what somebody asked for, offered or proposed, where ``question`` asks for what came of it."""
    return bool(_ASKED_FOR.search(text)) and not _ASKING.search(question)


_DECISION = re.compile(
    r"\b(?:agreed|decided|resolved|approved|settled|voted|beschlossen|entschieden|vereinbart)\b", re.IGNORECASE
)
_DECIDES = re.compile(
    r"\b(?:agree\w*|decid\w*|decision\w*|resol[uv]\w*|approv\w*|accept\w*|settl\w*|carried|adopt\w*|reject\w*|refus\w*|turned down|vot(?:e|ed|es)"
    r"|will|shall|is to|are to|must|beschl\w*|entschied\w*|vereinbar\w*|angenommen|abgelehnt)\b",
    re.IGNORECASE,
)


def decides_nothing(text: str, question: str) -> bool:
    """Whether ``question`` asks what was decided and ``text`` tells of no decision."""
    return bool(_DECISION.search(question)) and not _DECIDES.search(text)


_NAME_ALONE = re.compile(r"[^\W\d_][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}")
_GOES_ON = re.compile(r"(?:[\d/.,: -]+[-–] [^:\n]{1,40}: )?(?:or|oder)\b", re.IGNORECASE)
"""How somebody goes on asking, in a chat behind the time and the name."""


_REPLY = re.compile(r"(?:yes|no|never|always|sometimes|ja|nein|nie|immer|manchmal)\W*", re.IGNORECASE)


def belongs_to_question(text: str, governors: Sequence[str], *, of_person: bool) -> bool:
    """Whether a question stands above and ``text`` goes on asking, or is only the name below it, which may answer where
    a person is asked for."""
    above = governors[-1].rstrip("\"'`*_,()| ") if governors else ""
    bare = text.strip()
    signed = not of_person and _NAME_ALONE.fullmatch(bare) is not None and not _REPLY.fullmatch(bare)
    return above.endswith("?") and (signed or _GOES_ON.match(bare) is not None)


_DONE = re.compile(
    r"(?:was|were|has|have|had|wurde|wurden)\b.*?\b(\w+(?:ed|ought|ilt|old|ent|aid|ade|one|wn|ept|eld|iven|aken|osen|en))"
    r"(?=\?|$| (?:by|in|on|at|for|to|from|with|since|until|before|after|the|this|last|yet|already|again|up|down|off|out)\b)",
    re.IGNORECASE,
)


def deed_of(question: str) -> str:
    """What "was the toilet bought?" asks about; empty for other questions."""
    found = _DONE.match(question)
    return found[1].lower() if found else ""


_SIGNATURE = 3
"""Words behind a question that are no answer to it."""


def asks_itself(text: str) -> bool:
    """Whether ``text`` ends in a question, but for the name of who asks it."""
    bare = text.strip().rstrip("\"'`*_,()| ")
    before, mark, behind = bare.rpartition("?")
    signed = re.fullmatch(r"\s*\n[^\n.!:]*", behind) is not None and len(behind.split()) <= _SIGNATURE
    return bare.endswith("?") or bool(mark and before and signed)


def uncertain(text: str) -> bool:
    return _UNCERTAIN.search(text) is not None
