# ruff: noqa: E501
"""Whether a text holds the kind of thing that a question asks for: a number, a date, a person, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..corpus.words import stems
from . import foreign
from .foreign import Kind
from .opposites import each
from .question import Question
from .question_forms import UNIT_WORDS

_NUMBER_WORDS = each("""
    no zero half one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million
    billion dozen dozens pair single twice once double triple both several none quarter third eins ein eine zwei
    drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend
    """)
NUMBER = re.compile(rf"(?<![^\W\d_])\d|[½¼¾⅓]|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.I)
_MONTHS = each("""
    january february march april may june july august september october november december januar februar märz mai
    juni juli oktober dezember
    """)
_DAYS = each("""
    mondays? tuesdays? wednesdays? thursdays? fridays? saturdays? sundays? weekends? montags? dienstags? mittwochs?
    donnerstags? freitags? samstags? sonntags?
    """)
_DATE = re.compile(
    r"\b(?:1\d|20)\d\d\b|\d{1,2}[:.]\d\d\b|\b\d{1,2}(?:st|nd|rd|th)?\s?(?:a\.?m\.?|p\.?m\.?|o'clock|Uhr|BC|AD|BCE|CE)\b|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    r"|(?<![£$€¥₹.,\d])(?<![£$€¥₹] )\b\d{3,4}s?\b(?![.,]?\d)(?!\s?(?:[£$€¥₹%°]|(?:eur|gbp|usd|chf|euros?|dollars?|pounds?|k?g|ml|[kcm]?m|kwh?|people|pages|words)\b))"
    rf"|\b(?:{'|'.join(_MONTHS)})\b|\b(?:{'|'.join(_DAYS)})\b"
    r"|\b(?:today|yesterday|tomorrow|daily|weekly|monthly|yearly|annually|noon|midnight|morning|evening|night|dawn|dusk|spring|summer|autumn|winter|easter|christmas|century|centuries|decade|ancient|medieval|heute|morgen|gestern|täglich|jahrhundert|frühling|sommer|herbst)\b",
    re.I,
)
MONTH_OR_DAY = re.compile(
    rf"\b(?:{'|'.join(_MONTHS)})\b|(?<![\d.,])\d{{1,4}}([-/.])\d{{1,2}}\1\d{{1,4}}(?![\d.,]\d)", re.IGNORECASE
)
"""A month, or a day by its numbers."""
_RELATIVE_TIME = re.compile(
    r"\b(?:when|after|before|until|once|while|during|as soon as|since|every|within|if|later|age of|wenn|nach|vor|bis|sobald|alle|jeden)\b",
    re.I,
)
_TIME_UNIT = r"(?:second|sec|minute|min|hour|hr|day|night|week|fortnight|month|year|decade|century|centurie|millennia|quarter|season|sekunde|minute|stunde|tag|woche|monat|jahr)"
_DURATION = re.compile(
    rf"\b{_TIME_UNIT}(?:s|n|e|en)?\b|\b\d+\s?(?:s|ms|h|d|min)\b|\b\d\d:\d\d\b|\b(?:since|until|from .* to|seit|bis)\b|\b(?:1\d|20)\d\d\s?[-–]",
    re.I,
)
_ENDS = re.compile(
    r"\b(?:ends?|ended|expires?|expired|runs? out|ran out|until|till|up to|valid|by|endet|läuft ab|gilt|bis)\b", re.I
)
"""With a date it says how long something lasts."""
_UNIT_ALONE = re.compile(rf"\bin (?:milli|micro|nano)?{_TIME_UNIT}(?:s|n|en)\b", re.IGNORECASE)
"""Says in which unit a time is given, not how long it is."""
_SHARE = re.compile(
    r"\b(?:one|two|three|four|\d+)[ -](?:half|halves|thirds?|quarters?|fifths?|tenths?)\b|\bhalf\b"
    r"|\d+(?:[.,]\d+)?\s?(?:%|per ?cent\b)",
    re.IGNORECASE,
)
_SHARE_ASKED = re.compile(
    r"%|\bper ?cent|\bshare|\bfraction|\bproportion|\bhal(?:f|ves)|\bthirds?\b|\bquarters?\b", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_MEASURED = re.compile(
    r"\d\s?(?:mm|cm|m|km|ft|feet|foot|(?:milli|centi|deci)?(?:metres?|meters?)|miles?|inch|inches|yards?|kilomet|chars|characters|pages|words)\b",
    re.I,
)
_FREE = re.compile(
    r"\bfree\b(?! (?:from|to|time|space|day|hand|will)\b)|\b(?:no|without) (?:charge|cost|fee)\b"
    r"|\b(?:gratis|kostenlos|kostenfrei)\b",
    re.IGNORECASE,
)
"""Says of a price that there is none."""
_MONEY = re.compile(
    r"[$€£¥₹]|\b(?:euros?|dollars?|pounds?|cents?|pence|francs?|yen|rupees|kroner|crowns|usd|eur|gbp|chf|nok|sek|free|gratis|kostenlos|frei|no charge)\b|\d",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|on|to|from|under|over|beside|behind|along|inside|outside|between|off|next to|throughout|around|across|above|below|into|im|am|bei|auf|nach|aus|neben|hinter|unter|zwischen|an)\b|[/\\][\w.]+|\b\w+\.\w{2,4}:\d+",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:\w+(?:ors?|ers?|ists?|ians?|ants?|ees?|men|man|women|woman|staff|crew|team|committee|board|council|department|office|company|group|people|union|army|police|king|queen|president|chief|head|king|bishop|students?|members?|residents?|inhabitants|everyone|anyone|nobody|guests?|pupils?|public|leitung|erin|innen)|"
    r"chief|head|staff|crew|team|committee|board|council|department|office|company|group|people|police|king|queen|president|public|everyone|anyone|nobody|guests?|members?|students?|pupils?|residents?|parents?|clients?)\b",
    re.I,
)
_REASON = re.compile(
    r"\b(?:because|since|so that|due to|owing to|as a result|caused?|causes|causing|reasons?|therefore|thus|hence|led to|leads to|resulted?|results|for fear|in order|to \w+|for|as|by|which|through|from|weil|da|damit|wegen|deshalb|aufgrund|um|denn|durch|otherwise)\b|[:;] (?:it|this|that|they|these|you|we|he|she|there)\b",
    re.I,
)
_STRONG_REASON = re.compile(
    r"\b(?:because|since|so that|due to|owing to|as a result|caused?|causes|reasons?|therefore|hence|led to|leads to|resulted|in order to|so as to|happens (?:if|when)|occurs (?:if|when)|(?:it|this|that|which) means|weil|damit|wegen|deshalb|aufgrund|denn)\b|(?:^|[,;(]\s*)to (?!the\b|a\b|an\b|his\b|her\b|their\b|its\b)[a-z]+\b",
    re.I,
)
_QUOTED = re.compile(r"[`'\"“‘]\S")
_NUMBERED = re.compile(r"\d+(?:\.\d+)*")
_VERSION = re.compile(
    r"\d+(?:\.\d+)+|(?:(?<=\bv)|(?<=@)|(?<=\bversion )|(?<=\bversions )|(?<=\brelease )|(?<=\bsince )|(?<=\bin )|(?<=# ))\d+",
    re.IGNORECASE,
)
"""A number with a dot, or one that a word or its place makes that of a version."""
_STEP = re.compile(
    r"(?:[-*•]|\d+[.)])?\s*(?:to [^,]+, |then |first,? |next,? |please |zuerst |dann )?(?:use|run|call|press|click|open|close|set|add|remove|select|choose|turn|push|pull|type|enter|install|create|delete|go|put|pour|mix|let|make|take|hold|start|stop|write|send|fill|clean|empty|replace|unplug|plug|insert|configure|enable|disable|pass|import|export|copy|edit|save|restart|check|wait|heat|cut|place|apply|drücken|öffnen|klicken|wählen)\b"
    r"|```|`[^`]+`|^\s*\$ |\w+\(|\bby \w+ing\b|\b(?:can|must|should|need to|have to) (?:be )?\w+|\bsteps?\b|\bdurch\b|--\w+",
    re.I,
)
_FEW = r"[\w`*:.'’/<>-]+(?: [\w`*:.'’/<>-]+){0,3}"
_SEVERAL = re.compile(
    rf"{_FEW}, {_FEW},? (?:and|or|und|oder) |(?:{_FEW}[,;] ){{2}}|(?:`[^`\n]+`[^`]{{1,40}}){{3}}"
    r"|(?:^|\n)\s*(?:[-*+•]|\d+[.)])\s|^\s*\||^\w+ (?:and|or|und|oder) \w+",
)
_STRONG_STEP = re.compile(
    r"`[^`\n]* [^`\n]*`|\b(?:us(?:e|ing)|run|call|set|with|by|pass|add|via|see|in)\b[^.\n`]{0,30}`|^\s*(?:\$|%|>>>) |\w\(|--?\w|(?:^|[.;:,)]\s+|\bto )(?:use|run|call|press|click|open|close|set|add|remove|select|choose|turn"
    r"|push|pull|type|enter|install|create|delete|go|put|make|take|start|stop|write|send|fill|pass|import|copy|edit|specify"
    r"|execute|invoke|define|register|provide)\b|\b(?:you|one|we) (?:can|must|should|need|have)\b|\bby \w+ing\b",
    re.I | re.M,
)
_CODE = re.compile(r"`|\w\(|[{};=<>]|\$ |--\w|\w_\w|^\s*(?:def|class|import|from|SELECT|INSERT|UPDATE)\b", re.M)


OF_VERSION = re.compile(r"(?:in |since |from )?(?:which|what) (?:version|release)s?\b", re.IGNORECASE)
"""A question for the version that says something, which a heading or the head of the document may name."""
_GIVEN = re.compile(r"\bdefaults?\b\W*(?:is |to |value )?\W*\d|[=:(]\s*[\"'`]?\d", re.I)
"""A value that stands in the term of an entry: ``pool_size (default: 80)``."""
_OF_VALUES = frozenset({"number", "count", "duration", "value"})
MEASURED: frozenset[Kind] = frozenset({"number", "count", "duration", "value", "date"})
"""Kinds of question that nothing answers but a number or a time."""
_STAMP = re.compile(
    r"^\W?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?\]?(?:\s[-–]|:)?\s",
    re.I | re.M,
)
"""When a message of a chat was written, which is not what it says."""
_WHICH_TIME = re.compile(
    r"(?:(?:on|in|at) )?(?:which|what) (night|morning|evening|afternoon|weekend|century|decade)\b", re.I
)
_WRITTEN = re.compile(
    r"\b(?:sa(?:y|ys|id)|wrote|writ\w+|post\w*|messag\w*|ask\w*|mention\w*|chat\w*|schr\w+|gesagt)\b", re.I
)


_OFTEN_ASKED = re.compile(r"(?:how (?:often|frequently)|wie (?:oft|häufig))\b", re.IGNORECASE)
_OFTEN = re.compile(
    r"\b(?:every|each|once|twice|thrice|(?:bi|semi-?)?(?:hour|dai|week|month|quarter|year|annual|night|fortnight|regular"
    r"|constant|continuous|periodical)l?y|per (?:second|minute|hour|day|night|week|month|year|term|season)"
    r"|an? (?:second|minute|hour|day|night|week|fortnight|month|quarter|year|term|season)|times|always|never|seldom|rarely"
    r"|intervals?|periods?|whenever|whichever|frequency|(?:mon|tues|wednes|thurs|fri|satur|sun)days|mornings|evenings"
    r"|jede[rsnm]?|alle|täglich|wöchentlich|monatlich|jährlich|stündlich|vierteljährlich|regelmäßig|ständig|immer|nie"
    r"|\w*mal(?:s|ig)?|im (?:tag|jahr|monat|quartal)|pro \w+|abstand|abständen|\w+tags|hz|cron\w*)\b"
    r"|\b(?:at|um) \d{1,2}(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?| o.clock| uhr)?(?:,| and| und) (?:(?:at|um) )?\d"
    r"|(?:first|second|third|fourth|last) \w+day\b|of the (?:week|month|year)\b"
    r"|\d\s?(?:ms|s|h|d|min)\b|^\W*(?:\w+\W+){0,3}\d+ (?:second|minute|hour|day|week|month|year)s?\W*$",
    re.IGNORECASE,
)
"""What tells how often something is done, or the interval of it."""


_REACH = (
    (re.compile(r"\b(?:e-?mail|mail) address|\be-?mail\b", re.I), re.compile(r"@|\be-?mail\b|\bat\b", re.I)),
    (
        re.compile(r"\b(?:tele)?phone number|\b(?:mobile|fax) number|\btelephone\b", re.I),
        re.compile(r"\d(?:[\s()/.-]?\d){2}"),
    ),
)
"""What reaches somebody, and the form that it has."""


NO_REACH = "holds no address or number of that kind"


def lacks_form(question: Question, text: str) -> bool:
    """Whether an address of a mail or a number of a phone is asked for and the text holds none."""
    return question.kind in ("value", "passage", "name", "number") and any(
        asked.search(question.text) and not form.search(text) for asked, form in _REACH
    )


def holds(question: Question, text: str, new_names: bool, around: str = "", term: str = "") -> bool | None:
    """True or False, or None where the kind makes no demand. ``around`` are the governors (a column's unit stands there),
    ``term`` is the innermost of them, ``new_names`` says whether the text names something that the question does not."""
    if question.language not in ("en", "de"):
        return foreign.holds(question.kind, text, question.language)
    if question.kind in _OF_VALUES and _GIVEN.search(term):
        return True
    if _OFTEN_ASKED.match(question.text):
        return _OFTEN.search(text) is not None
    check = _CHECKS.get(question.kind)
    if question.kind in MEASURED:
        text = without_stamps(question, text)
    return None if check is None else check(question, text, new_names, around)


def without_stamps(question: Question, text: str) -> str:
    """``text`` without the times at which messages were written, unless the question is about writing, and without the
    noun by which a time is asked for: "one night" does not say which."""
    noun = _WHICH_TIME.match(question.text)
    text = re.sub(rf"\b{noun[1]}s?\b", "", text, flags=re.IGNORECASE) if noun else text
    return text if _WRITTEN.search(question.text) else _STAMP.sub("", text)


def repeats(question: Question, short: str) -> bool:
    """Whether a few words name only what the question names: its code, or anything in one that wants yes or no."""
    named = short.lower()
    return named in map(str.lower, question.identifiers) or (
        question.kind == "yes_no" and named in question.text.lower()
    )


def reason(question: Question) -> str:
    """What is missing, for people."""
    if _OFTEN_ASKED.match(question.text):
        return "does not say how often"
    thing, verb = _MISSING.get(question.kind, ("something else", "gives none"))
    return f"asks for {thing}, {verb}"


def _number(question: Question, text: str, _: bool, around: str) -> bool:
    if question.unit == "money":
        return _MONEY.search(text) is not None or _FREE.search(text) is not None
    measured = question.kind == "number" and _OLD.search(question.text) is None
    return _holds_number(question, _ARTICLE.sub(" ", _CALENDAR_DAY.sub(" ", text)) if measured else text)


def without_shares(question: Question, text: str) -> str:
    """A third or 20 % of a thing is not how many there are of it, nor is what it costs, nor a day."""
    if _SHARE_ASKED.search(question.text):
        return text
    return _DAY.sub(" ", _PRICE.sub(" ", _SHARE.sub(" ", text)))


_PRICE = re.compile(
    r"[£$€]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[£$€]|(?:euros?|dollars?|pounds?|pence|cents?|eur|gbp|usd|chf)\b)", re.IGNORECASE
)
_CALENDAR_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{'|'.join(_MONTHS)})\b(?: \d{{4}}\b)?|\b\d{{4}}-\d\d-\d\d\b"
    rf"|\b(?:{'|'.join(_MONTHS)}) \d{{1,4}}\b(?:, \d{{4}}\b)?",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b\d+(?:st|nd|rd|th)\b|\b\d+ {_TIME_UNIT}s?\b|{_CALENDAR_DAY.pattern}",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\beine?\b(?! (?:halb|viertel|drittel|\w*meter|\w*gramm|kilo|tonne|liter|cent|euro|prozent|grad|sekunde|minute|stunde"
    r"|tag|woche|monat|jahr|dutzend|hundert|tausend|million|mal)\w*)",
    re.IGNORECASE,
)
"""German for "a" where it counts no measure."""
_OLD = re.compile(r"\b(?:how old|wie alt)\b", re.IGNORECASE)
"""Asks for an age, which the day of birth tells."""


def _holds_number(question: Question, text: str) -> bool:
    """Whether ``text`` holds a number that the question does not hold itself, unless it asks which of several."""
    given = set() if " or " in question.text else set(_DIGITS.findall(question.text))
    return NUMBER.search(_DIGITS.sub(lambda found: "" if found[0] in given else found[0], text)) is not None


def _duration(question: Question, text: str, _: bool, around: str) -> bool:
    if _UNIT_ALONE.search(text) and not _holds_number(question, text):
        return False
    return (
        _DURATION.search(text) is not None
        or (exact_date(text) and _ENDS.search(text) is not None)
        or _MEASURED.search(text) is not None
        or (NUMBER.search(text) is not None and (len(text.split()) < 8 or _DURATION.search(around) is not None))
    )


def _value(question: Question, text: str) -> bool:
    """A property that is always a number needs one, others may be told by any words."""
    if NUMBER.search(text) or _FREE.search(text):
        return True
    numeric = bool(_NUMERIC & set(question.asked)) or _IN_UNITS.search(question.text) is not None
    return not numeric and (_QUOTED.search(text) is not None or len(text.split()) > 3)


def _new_number(question: Question, text: str) -> bool:
    """A version that the question does not name itself."""
    form = _NUMBERED if text.startswith("|") or len(text.split()) < _CELL else _VERSION
    return bool(set(form.findall(text)) - set(_NUMBERED.findall(question.text)))


def _of_document(question: Question, around: str) -> bool:
    """Asked which version says it, what stands above may tell."""
    return OF_VERSION.match(question.text) is not None and _new_number(question, around)


_CELL = 5
"""Words of the value of a cell, in which a bare number may be a version."""
_NUMERIC = frozenset(
    stems("""
        latency throughput bandwidth humidity
        price cost fee fare toll rent salary wage population weight mass height length width depth size area volume
        speed velocity temperature pressure capacity age number amount quantity percentage rate ratio distance duration
        maximum minimum average median discount deposit fine penalty voltage frequency density dose dosage timeout port
        attendance turnout revenue altitude elevation diameter radius thickness circumference
        """)
)
"""Properties of which the value is a number."""
_IN_UNITS = re.compile(rf"\bin (?:{'|'.join(UNIT_WORDS)})\b", re.IGNORECASE)
_Check = Callable[[Question, str, bool, str], bool]
_CHECKS: dict[str, _Check] = {
    "number": _number,
    "count": lambda question, text, names, around: _number(question, without_shares(question, text), names, around),
    "date": lambda question, text, names, around: (
        exact_date(text) or relative_time(text) or any(map(str.isdigit, text))
    ),
    "duration": _duration,
    "person": lambda question, text, names, around: _names_somebody(question, text, names),
    "place": lambda question, text, names, around: names or _PLACE.search(text) is not None,
    "reason": lambda question, text, names, around: _REASON.search(text) is not None,
    "steps": lambda question, text, names, around: _STEP.search(text) is not None,
    "list": lambda question, text, names, around: _SEVERAL.search(text) is not None,
    "name": lambda question, text, names, around: (
        question.unit not in ("version", "release") or _new_number(question, text) or _of_document(question, around)
    ),
    "code": lambda question, text, names, around: _CODE.search(text) is not None,
    "value": lambda question, text, names, around: _value(question, text),
}
_MISSING = {
    "number": ("a number", "gives none"),
    "count": ("a number", "gives none"),
    "value": ("a value", "gives none"),
    "date": ("a time", "gives none"),
    "duration": ("a length of time", "gives none"),
    "person": ("a person", "names none"),
    "place": ("a place", "names none"),
    "reason": ("a reason", "gives none"),
    "steps": ("what to do", "says nothing of it"),
    "code": ("code", "holds none"),
    "list": ("several things", "names none or one"),
    "name": ("a version", "names none"),
}


def _names_somebody(question: Question, text: str, new_names: bool) -> bool:
    """German nouns all have capitals: who somebody is, only a title, two of them side by side or a colon tells."""
    if question.language == "de" and _WHO_IS.match(question.text):
        return _GERMAN_NAME.search(text) is not None
    return new_names or _ROLE.search(text) is not None


_WHO_IS = re.compile(r"wer (?:ist|sind|war|waren) (?:der|die|das|dein\w*|mein\w*|unser\w*|eu\w*)\b", re.IGNORECASE)
_GERMAN_NAME = re.compile(
    r"\b(?:Herrn?|Frau|Dr\.|Prof\.|Familie) [A-ZÄÖÜ]|\b[A-ZÄÖÜ][\w.-]+ [A-ZÄÖÜ][\w-]+|: ?[A-ZÄÖÜ]|\|"
)


def strong_reason(text: str) -> bool:
    return _STRONG_REASON.search(text) is not None


def strong_step(text: str) -> bool:
    """It tells what to do outright, or shows what to write."""
    return _STRONG_STEP.search(text) is not None


def exact_date(text: str) -> bool:
    return _DATE.search(text) is not None


def relative_time(text: str) -> bool:
    """A time that is told by an event: "after the harvest"."""
    return _RELATIVE_TIME.search(text) is not None


_DEFINES_EN = r"(?:'s|s)?(?: \([^)]*\))?,?(?: \w+)?(?: (?:is|are|was|were|means?|refers? to|denotes?|stands for|describes|defines?|sets?|serves?|returns?|computes?|gives?)\b| ?[:=–—-] |: )"
_DEFINES_DE = r"(?: \([^)]*\))? (?:ist|sind|bezeichnet|bedeutet|heißt|steht für)\b|: "


def defines(subject: str, text: str, governors: tuple[str, ...], language: str) -> bool:
    """ "X is a …", "X: …", or the text below a heading or term X."""
    if not subject:
        return True
    form = _DEFINES_DE if language == "de" else _DEFINES_EN
    start = rf"\s*(?:[-*#>|`]+\s*)?(?:(?:the|an?|der|die|das|eine?)\s+)?[`*\"'“]*{re.escape(subject)}[`*\"'”]*(?:{form}|\s*\|)"
    if re.match(start, text, re.I):
        return True
    return any(subject.lower() in _names_in(governor) for governor in governors) or bool(
        re.search(rf"\b(?:called|known as|named|term)\s+(?:an? |the )?[\"'“`*]*{re.escape(subject)}\b", text, re.I)
    )


_DIRECTIVE = re.compile(r"\.\. [\w:+-]+:: *")
_WITH_VALUE = re.compile(r"[*`]*([A-Z][A-Z_\d]{2,})[*`]* (?:[a-z]+|<[^<>]+>|\[[^\[\]]+\])(?: [a-z|]+){0,3}[*`]*")
"""A setting with what its value is: ``LIFETIME time in seconds``."""
_PARAMETERS = re.compile(r"(?<=\w)\(.*", re.DOTALL)


def _names_in(governor: str) -> set[str]:
    """What a heading, a term or a directive stands for: ``.. py:class:: huey.Result(task)`` for ``huey.result`` and
    ``result``."""
    name = _PARAMETERS.sub("", _DIRECTIVE.sub("", governor)).strip("#*`:_ \"'").lower()
    if with_value := _WITH_VALUE.fullmatch(governor):
        return {name, with_value[1].lower()}
    return {name, name.rpartition(".")[2]} if _DIRECTIVE.match(governor) else {name}
