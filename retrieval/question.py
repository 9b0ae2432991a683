# ruff: noqa: E501
"""What a question asks, in the parts that decide whether a statement answers it.

Word lists and forms only: no store, no model. The text is taken as it is; spelling is mended elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from ..corpus.languages import language_of
from ..corpus.words import stems
from . import foreign
from .foreign import Kind
from .opposites import IMPLIED, TOKEN, Sign, each, signs


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    kind: Kind
    unit: str = ""
    """The unit or counted thing that is asked for, as it stands: "minutes", "cars", "money"."""
    subject: tuple[str, ...] = ()
    """Stems of what is asked about, without the property, the names and the deciding words."""
    asked: tuple[str, ...] = ()
    """Stems of the property that is asked for: "population" of Bergen, "cars" that Brio carries."""
    names: tuple[str, ...] = ()
    """Capitalised names: "Alba", "Siri Moen"."""
    identifiers: tuple[str, ...] = ()
    """Words like code: ST00010, v1.2, config.yaml, shortest_path."""
    quoted: tuple[str, ...] = ()
    deciding: tuple[Sign, ...] = ()
    negated: bool = False
    follow_up: bool = False
    """It leans on a turn before."""
    current: bool = False
    """It asks for what holds now."""
    years: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    language: str = "en"
    """ISO 639-1."""
    parts: tuple[Question, ...] = ()
    """The single questions of a question with several, each whole; empty for one."""
    sides: tuple[str, ...] = ()
    """Of a comparison: the question about each side alone."""


IDENTIFIER = re.compile(
    r"`[^`\n]+`"
    r"|(?<![\w.-])(?:"
    r"[A-Za-z]{1,8}[-_]?\d{2,}(?:[-_.]\w+)*"  # ST00010, P-137, E1001
    r"|[A-Za-z]+(?:[-_][A-Za-z]+)*[-_]\d+\w*"  # SKU-7
    r"|v\d+(?:\.\d+)*|\d+\.\d+\.\d+(?:[-.]\w+)*"  # v1.2, 1.2.3
    r"|[A-Za-z]\w*(?:_\w+)+|_\w+"  # snake_case
    r"|[\w-]+(?:[./][\w-]+)*\.(?:py|js|ts|md|txt|csv|json|ya?ml|toml|ini|cfg|conf|html?|pdf|docx?|xlsx?|pptx?|od[tsp]|epub|rtf|eml|mbox|srt|vtt|sh|c|h|cpp|rs|go|java|ipynb|xml|sql|log)"
    r"|[a-z]+(?:[A-Z][a-z0-9]+)+|(?:[A-Z][a-z0-9]+){2,}(?=\b)"  # camelCase
    r"|\w+(?:\.\w+)*\(\)|--?[a-z][\w-]+|\d+[A-Z]+\d*|0x[0-9a-fA-F]+"
    r")(?![\w-])"
)
QUOTED = re.compile(r"[\"“„«]([^\"”“»]{2,80})[\"”“»]|(?<!\w)'([^']{2,80})'(?!\w)")
_CAPITALISED = re.compile(r"[^\W\d_][\w'’&.-]*", re.UNICODE)
_VERSION = re.compile(r"\b(?:version|release|v\.?)\s*(\d+(?:\.\d+)*)|\bv(\d+(?:\.\d+)*)\b", re.I)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_CURRENT = re.compile(
    r"\b(?:current(?:ly)?|latest|now|today|newest|nowadays|aktuell\w*|heute|jetzt|derzeit\w*|gültig\w*)\b", re.I
)
_NEGATED = re.compile(
    r"\b(?:not|never|no|none|without|except|cannot|\w+n['’]t|unsupported|forbidden|prohibited|banned"
    r"|nicht|nie|niemals|kein\w*|ohne|verboten|außer)\b",
    re.I,
)
_NO_NEGATION = re.compile(r"\bnot only\b|\bno\.\s*\d", re.I)
_AUXILIARY = each("""
    is are was were am do does did has have had can could may might must shall should will would isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't can't couldn't won't wouldn't shouldn't mustn't ist sind war waren
    hat haben hatte kann können darf dürfen muss müssen soll sollen wird werden gibt
    """)
_UNITS = each("""
    seconds minutes hours days weeks months years decades centuries metres meters kilometres kilometers km cm mm
    miles feet inches yards kilograms kilogrammes kg grams grammes tonnes tons pounds ounces litres liters gallons
    ml watts kilowatts megawatts volts amperes amps degrees celsius fahrenheit percent euros dollars cents bar
    pascal hectares acres bytes megabytes gigabytes mb gb kb hz hertz knots sekunden minuten stunden tage wochen
    monate jahre meter kilometer kilogramm gramm liter prozent euro grad
    """)
UNITS = frozenset(_UNITS)
TIME_UNITS = frozenset(
    each("""
    seconds minutes hours days weeks months years decades centuries sekunden minuten stunden tage wochen monate
    jahre
    """)
)
_MEASURES = frozenset(
    each("""
    price cost fee fare toll rent salary wage budget population weight mass height length width depth size area
    volume speed velocity temperature pressure capacity load age number amount quantity percentage share rate ratio
    distance duration limit maximum minimum average median sum total score accuracy level allowance discount
    deposit fine penalty tax interest voltage current power frequency density dose dosage timeout port count
    attendance turnout revenue profit income turnover quota threshold altitude elevation diameter radius thickness
    value default setting circumference yield efficiency preis kosten gebühr gewicht höhe länge breite tiefe fläche
    größe temperatur druck anzahl alter geschwindigkeit miete einwohnerzahl menge
    """)
)
_DATES = frozenset(
    each("""
    date year month day deadline birthday time datum jahr monat tag termin frist
    """)
)
_PLACES = frozenset(
    each("""
    city town country place location address state county province village street region continent island stadt land
    ort adresse
    """)
)
_PERSONS = frozenset(
    each("""
    person man woman author president king queen scientist player actor director captain
    """)
)
_LIGHT = frozenset(
    stem
    for word in each("""
    since until must who what when where why how which whose whom place many much kind type sort name call say tell
    give use do get go mean happen take find know work list show describe explain please exist thing way also one
    main long old far often like come see ask make would could viel viele wie was wer wann wo welche welcher welches
    ist sind war hat haben wird werden der die das den dem des ein eine einen einem eines und oder im in am an auf
    für von zu mit bei es gibt man kann sich nach wird wurde wieviel warum wem wen durch aus um als
    """)
    for stem in stems(word)
)
LIGHT = _LIGHT
"""Stems that say little of what a question is about."""

_KIND_FORMS: tuple[tuple[Kind, str], ...] = (
    ("comparison", r".*\b(?:difference between|differ\b|compared? (?:to|with)|versus|vs\.?\b|unterschied zwischen)"),
    (
        "code",
        r".*\b(?:what (?:command|code|function call|sql|query)|^(?:the )?(?:shell )?commands?\b|which (?:command|flag|function|option)|show .*(?:code|commands?|example|snippet|query)|code (?:to|for))\b",
    ),
    ("number", r"how much\b|wie ?viel\b(?!e)|what (?:percentage|percent|proportion|share)\b"),
    ("count", r"(?:\w+ ){0,3}?how many\b|wie ?viele\b|what number of\b|what is the number of\b"),
    (
        "number",
        r".*\bhow (?:tall|high|deep|wide|heavy|fast|far|old|large|big|hot|cold|thick|strong|loud|expensive)\b|(?:.* )?wie (?:hoch|tief|breit|schwer|schnell|weit|alt|groß|teuer|heiß|kalt|dick)\b",
    ),
    ("duration", r"(?:\w+ )?(?:how long|wie lange?)\b|(?:what|which) (?:is the )?duration"),
    (
        "date",
        r"(?:\w+ ){0,2}?(?:when|wann)\b|(?:\w+ )?(?:what|which) (?:year|date|day|month|century|decade|time)\b|(?:in )?welche[mns]? (?:jahr|tag|monat)",
    ),
    (
        "steps",
        r"how (?:do|can|should|would|could|does one|to|must)\b(?! (?:he|she|they|it|the)\b)|(?:what are the )?steps\b|wie (?:kann|mache?|lässt|muss) (?:ich|man|wir)",
    ),
    (
        "reason",
        r"why\b|(?:what|which) (?:is|was|were|are)? ?(?:the )?(?:reasons?|causes?)\b|what caused\b|how come\b|warum\b|weshalb\b|wieso\b",
    ),
    ("person", r"(?:\w+ )?(?:who|whom|whose)\b|(?:wer|wem|wen|wessen)\b"),
    (
        "place",
        r"(?:\w+ )?(?:where|wo|woher|wohin)\b|(?:in |to |from )?(?:what|which) (?:city|town|country|place|location|state|county|province|village|street|region|continent|island)\b",
    ),
)
_FORMS = tuple((kind, re.compile(form, re.I)) for kind, form in _KIND_FORMS)
_DEFINITION = re.compile(
    r"what(?:'s| is| are| was| were) (?:an? |the )?([\w./()`'-]+(?: [\w./()`'-]+){0,2}?)(?: used for| for)?\s*\??$"
    r"|(?:.*, )?what does (?:the (?:method|function|option|parameter|class|command|setting|flag) )?([\w./()`'-]+(?: [\w./()`'-]+)?)(?: of [\w.]+)? (?:mean|stand for|do)\??$|(?:define|definition of|meaning of)\b|was (?:ist|bedeutet) (?:eine? |der |die |das )?[\w-]+\??$",
    re.I,
)
_PROPERTY_OF = re.compile(
    r"(?:what|which|wie|was|welche[rsn]?)(?:'s| is| are| was| were| ist| sind| war)? (?:the|der|die|das)? ?((?:[\w-]+ ){0,3}?[\w-]+) (?:of|for|at|in|on|des|der|von|für|im|auf)\b",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:how (?:many|much)|wie ?viele?|what number of|number of|what percentage of)\s+(?:of the |of |more |other |different |total )*((?:[a-zäöüß-]+ )?[A-Za-zäöüßÄÖÜ-]+)",
    re.I,
)
_WHICH = re.compile(r"\b(?:what|which|welche[rsmn]?)\s+((?:[a-zäöüß-]+ )?[A-Za-zäöüßÄÖÜ-]+)", re.I)
_FAR = 5
"""Words between "which" and the verb."""
_NO_NOUN = frozenset(
    each("""
    is are was were do does did has have had can could may might must shall should will would be been the a an of in
    on at to for from by with you i we they he she it this that these those ist sind war hat kann der die das there
    not
    """)
)
_MONEY = re.compile(
    r"how much (?:does|do|did|is|are|was|were|will|would) .*|.*\b(?:price|cost|fee|fare|toll|rent|salary|preis|gebühr|kosten|kostet)\b.*",
    re.I,
)
_SECOND = re.compile(
    r"\s*(?:[,;]|\?)?\s*\b(?:and|und|or also)\s+(?=(?:in |to |for |at |on |since |until |by )?"
    r"(?:what|who|whom|whose|when|where|why|how|which|wer|was|wann|wo|warum|wie|welche[rsn]?)\b(?!\s+(?:and|or|und)\b))"
    r"|\?\s+(?=\w)|\s*[,;]\s*(?=(?:what|who|when|where|why|how|which)\b)"
    r"|\s+(?:and|und)\s+(?=(?:is|are|was|were|does|do|did|can|may|must)\s+(?:it|they|the|there|he|she)\b)",
    re.I,
)
_TWO_WORDS = re.compile(
    r"((?:when|where|why|how|who|what|wann|wo|wer|warum|wie))\s+(?:and|or|und)\s+((?:when|where|why|how|who|what|wann|wo|wer|warum|wie)\b)\s+(.+)",
    re.I,
)
_TWO_THINGS = re.compile(r"(?P<before>.*?)(?P<one>\S+) and (?:of |the )*(?P<other>[^\s?]+)(?P<behind>.*)")
_SIDES = re.compile(
    r"\bdifferences? (?:is there )?(?:between|of) (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+?)(?P<rest>(?: (?:in|when|for|on|at|of|with)\b.*)?)\??$"
    r"|\bcompare (?:the )?(?P<c>.+?) (?:and|with|to) (?:the )?(?P<d>.+?)\??$"
    r"|^(?P<e>[^,]+?) (?:vs\.?|versus|compared (?:to|with)) (?P<f>[^,?]+?)\??$"
    r"|, (?:the )?(?P<g>[^,?]+?) or (?:the )?(?P<h>[^,?]+?)\??$",
    re.I,
)
_PRONOUN = re.compile(
    r"\b(it|they|them|he|she|him|its|their|his|her|this one|that one|sie|er|es|ihr|ihre|seine?)\b", re.I
)
_POSSESSIVE = frozenset(each("its their his her ihr ihre sein seine"))
_EXPLETIVE = re.compile(
    r"\b(?:is|was|does|will|would|can|did|has) it (?:take|took|possible|allowed|cost|legal|safe|necessary|true|rain|required|permitted|forbidden|mean|called|ok|better|clear|said|been|that)\b"
    r"|\bit (?:takes?|took|costs?|is|was) |\bgibt es\b|\bist es\b",
    re.I,
)
_FOLLOWS = re.compile(
    r"(?:and|but|also|or|then|so|und|aber)\b(?!\s*\?)|(?:what|how) about\b|same (?:for|question)|(?:was|wie) ist mit\b|(?:what|which) else\b|why(?: not)?\s*\?*$|when\s*\?*$|where\s*\?*$|who\s*\?*$|how(?: so)?\s*\?*$",
    re.I,
)
_STOP_NAMES = frozenset(["i", "ok", "faq"])
_HEADS = frozenset(["ferry", "ship", "vessel", "boat"])


@lru_cache(maxsize=512)
def parse(question: str) -> Question:
    """Takes under a millisecond; the same text gives the same object."""
    text = " ".join(question.split())
    parts = _split(text)
    whole = _single(text)
    if len(parts) < 2:
        return whole
    first, *others = (_single(part) for part in parts)
    shared = [first]
    for other in others:
        resolved = _resolved(other, shared[0])
        if resolved is other and _elliptic(other):
            return whole  # "and on which port?" cannot be asked by itself
        shared.append(resolved)
    return replace(whole, parts=tuple(shared))


def _sides(text: str) -> tuple[str, ...]:
    found = _SIDES.search(text)
    if found is None:
        return ()
    if found["g"]:
        before = text[: found.start()]
        return f"{before}: {found['g']}", f"{before}: {found['h']}"
    one, other = (part for part in found.group("a", "b", "c", "d", "e", "f") if part)
    return f"What is {one}{found['rest'] or ''}", f"What is {other}{found['rest'] or ''}"


def _elliptic(part: Question) -> bool:
    """Too few words to be asked alone: no verb, no name, at most one thing."""
    verbs = set(TOKEN.findall(part.text.lower())) & set(_AUXILIARY)
    return not verbs and len({*part.subject, *part.asked}) < 2 and not (part.names or part.identifiers)


def _split(text: str) -> list[str]:
    two = _TWO_THINGS.fullmatch(text)
    if two and all(IDENTIFIER.fullmatch(two[part]) for part in ("one", "other")) and not _SIDES.search(text):
        return [_ended(f"{two['before']}{two[part]}{two['behind']}") for part in ("one", "other")]
    both = _TWO_WORDS.fullmatch(text)
    if both:
        return [f"{both[1]} {both[3]}", f"{both[2].capitalize()} {both[3]}"]
    if _FOLLOWS.match(text):
        return [text]
    cuts = [part.strip(" ,;") for part in _SECOND.split(text) if part.strip(" ,;?.!")]
    whole = [part for part in cuts if _asks(part)]
    return [_ended(part) for part in whole] if len(whole) == len(cuts) > 1 else [text]


def _asks(text: str) -> bool:
    """Enough for a question of its own: a question word or auxiliary near its beginning, and something behind."""
    tokens = text.lower().split()
    opening = {token.strip("?,.") for token in tokens[:3]}
    asks = {"what", "who", "whom", "whose", "when", "where", "why", "how", "which", "wer", "was", "wann", "wo", "warum",
            "wie", "welche", "welcher", "welches", "wieviel", "wieviele"} | set(_AUXILIARY)  # fmt: skip
    return len(tokens) > 1 and bool(opening & asks)


def _ended(part: str) -> str:
    return part[0].upper() + part[1:].rstrip("?") + "?"


def _resolved(question: Question, first: Question) -> Question:
    """A later part with the subject of the first for its pronoun."""
    antecedent = first.names[-1] if first.names else first.identifiers[-1] if first.identifiers else ""
    if not antecedent:
        noun = re.search(r"\b(the [\w-]+(?: [\w-]+)?)(?= (?:have|has|carry|was|were|is|be|\w+ed)\b|\?|$)", first.text)
        antecedent = noun[1] if noun else ""
    if not antecedent or not _PRONOUN.search(question.text) or _EXPLETIVE.search(question.text):
        return question

    def put(match: re.Match[str]) -> str:
        return f"{antecedent}'s" if match[0].lower() in _POSSESSIVE else antecedent

    return _single(_PRONOUN.sub(put, question.text, count=1))


def _single(text: str) -> Question:
    tokens = TOKEN.findall(text)
    language = language_of(text)
    quoted = tuple(a or b for a, b in QUOTED.findall(text))
    identifiers = tuple(dict.fromkeys(match.strip("`") for match in IDENTIFIER.findall(text)))
    deciding = _deciding(tokens, language)
    names = _names(text, tokens, language, identifiers, deciding)
    kind, unit = _kind(text, tokens) if language in ("en", "de") else (foreign.kind(text, language), "")
    asked = _asked(text, kind, unit, language)
    taken = {stem for item in (*names, *identifiers) for stem in stems(item, language)}
    asked = tuple(stem for stem in asked if stem not in taken and stem not in LIGHT)
    decided = {stem for sign in deciding for stem in stems(sign.word, language)}
    drop = taken | decided | set(asked) | LIGHT
    subject = tuple(stem for stem in stems(text, language) if stem not in drop and len(stem) > 1)
    return Question(
        text=text,
        kind=kind,
        unit=unit,
        subject=subject,
        asked=tuple(stem for stem in asked if stem not in decided),
        names=names,
        identifiers=identifiers,
        quoted=quoted,
        deciding=deciding,
        negated=bool(_NEGATED.search(_NO_NEGATION.sub(" ", text))),
        follow_up=_follows(text, names),
        sides=_sides(text),
        current=bool(_CURRENT.search(text)),
        years=tuple(_YEAR.findall(text)),
        versions=tuple(a or b for a, b in _VERSION.findall(text)),
        language=language,
    )


def _deciding(tokens: list[str], language: str) -> tuple[Sign, ...]:
    """Without groups of which both sides are named: "left or right" asks which."""
    found = [sign for sign in signs(tokens, language) if sign.word not in IMPLIED and not _question_word(tokens, sign)]
    sides: dict[str, set[str]] = {}
    for sign in found:
        sides.setdefault(sign.group, set()).add(sign.side)
    several = {group for group, values in sides.items() if len(values) > 1 and group not in ("year", "month")}
    return tuple(sign for sign in found if sign.group not in several)


def _question_word(tokens: list[str], sign: Sign) -> bool:
    """ "Until when", "what day": the word belongs to what is asked for."""
    low = sign.word
    before = tokens[sign.at - 1].lower() if sign.at else ""
    behind = tokens[sign.at + 1].lower() if sign.at + 1 < len(tokens) else ""
    return (
        behind in ("when", "wann")
        or (
            before in ("how", "what", "which", "wie", "was")
            and low
            in (
                "old",
                "large",
                "big",
                "small",
                "hot",
                "warm",
                "cold",
                "high",
                "low",
                "day",
                "alt",
                "groß",
                "hoch",
                "kalt",
                "warm",
                "heiß",
                "customer",
            )
        )
        or (low == "most" and before == "at")
        or (sign.group == "permission" and sign.at == 0 and low == "can")
    )


def _names(
    text: str, tokens: list[str], language: str, identifiers: tuple[str, ...], deciding: tuple[Sign, ...]
) -> tuple[str, ...]:
    words = text.split()
    capitals = [word for word in words if word[:1].isupper()]
    if len(words) > 3 and len(capitals) >= 0.8 * len([word for word in words if word[:1].isalpha()]):
        return ()  # written in title case: capitals say nothing
    codes = {code for identifier in identifiers for code in (identifier, identifier.rstrip("?"))}
    deciders = {word for sign in deciding for word in sign.word.lower().split()} - {
        "north",
        "south",
        "east",
        "west",
        "new",
        "northern",
        "southern",
        "eastern",
        "western",
    }
    found: list[list[str]] = []
    previous = -2
    for at, word in enumerate(words):
        bare = word.strip("?,.;:!()\"'“”„»«`")
        bare = re.sub(r"['’]s$", "", bare)
        joined = previous == at - 1 and words[at - 1][-1:] not in ",;:"
        begins = at == 0 or words[at - 1][-1:] in ".!?"
        is_name = (
            bare[:1].isupper()
            and (not begins or (len(bare) > 1 and not bare[1:].islower() and bare.lower() not in _AUXILIARY))
            and bare.lower() not in _STOP_NAMES
            and bare not in codes
            and (bare.lower() not in deciders or joined)
            and _CAPITALISED.fullmatch(bare) is not None
            and not (len(bare) == 1 and not joined)
        )
        if language == "de" and is_name:
            before = words[at - 1] if at else ""
            is_name = (
                (before[:1].isupper() and at > 1)
                or before.lower() in ("auf", "in", "von", "nach", "aus", "bei")
                or (bare.isupper() and len(bare) > 1)
            )
        if is_name and joined:
            found[-1].append(bare)
        elif is_name:
            found.append([bare])
        if is_name:
            previous = at
        elif (
            previous == at - 1
            and bare in ("of", "the", "de", "von", "van", "der", "la", "du")
            and at + 1 < len(words)
            and words[at + 1][:1].isupper()
            and bare != "the"
            and bare != "of"
        ):
            found[-1].append(bare)
            previous = at
    return tuple(dict.fromkeys(" ".join(name) for name in found))


def _kind(text: str, tokens: list[str]) -> tuple[Kind, str]:
    first = tokens[0].lower() if tokens else ""
    kind = next((kind for kind, form in _FORMS if form.match(text)), None)
    if kind == "steps" and re.match(r"how (?:do|does|can) (?:\w+ )+work\b", text, re.I):
        return "passage", ""
    if kind in ("count", "number"):
        counted = _COUNTED.search(text)
        noun = _noun(counted[1]) if counted else ""
        if noun in TIME_UNITS and kind == "count":
            return "duration", noun
        if kind == "number" and not noun and _MONEY.match(text):
            return kind, "money"
        return ("number" if noun in UNITS else kind), noun
    if kind is not None:
        return kind, ""
    if _WHICH_VERSION.match(text):
        return "name", "version"
    if first in _IMPERATIVES and not text.endswith("?") and len(tokens) > 2:
        return "steps", ""
    if first in _AUXILIARY:
        return "yes_no", ""
    if _DEFINITION.match(text) and not any(token.lower() in _MEASURES | _DATES for token in tokens):
        return "definition", ""
    if first in ("which", "what", "welche", "welcher", "welches", "in", "on", "at", "for", "to", "from", "by"):
        noun = _which_noun(text)
        if noun in _DATES:
            return "date", ""
        if noun in _PLACES:
            return "place", ""
        if noun in _MEASURES:
            return "value", "money" if _MONEY.match(text) else ""
        if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
            return "list", noun
        if noun:
            return "name", noun
    if first in ("list", "name", "enumerate", "nenne"):
        return "list", ""
    property_of = _PROPERTY_OF.match(text)
    head = {word.lower() for word in property_of[1].split()} if property_of else {token.lower() for token in tokens}
    if head & _MEASURES:
        return "value", "money" if _MONEY.match(text) else ""
    if first in ("what", "was") and head & _DATES and property_of:
        return "date", ""
    return "passage", ""


def _noun(phrase: str) -> str:
    """The noun of "cars does" or "different cars": the first plural, or the first word."""
    words = [word for word in phrase.lower().split() if word not in _NO_NOUN]
    if not words or phrase.lower().split()[0] in _NO_NOUN:
        return ""
    return next((word for word in words if _plural(word)), words[0])


def _which_noun(text: str) -> str:
    """The head of "which … plugins are": the last word before the verb where that is near, else the first noun."""
    found = _WHICH.search(text)
    if found is None:
        return ""
    ahead = []
    for token in TOKEN.findall(text[found.start(1) :]):
        if token.lower() in _NO_NOUN:
            break
        ahead.append(token.lower())
    return ahead[-1] if 2 < len(ahead) <= _FAR and _plural(ahead[-1]) else _noun(found[1])


def _plural(word: str) -> bool:
    return word in ("people", "men", "women", "children") or (word.endswith(("s", "en")) and not word.endswith("ss"))


def _asked(text: str, kind: Kind, unit: str, language: str) -> tuple[str, ...]:
    """Stems of the property: the noun that is counted, or what stands before "of"."""
    if kind in ("definition", "steps", "reason", "yes_no", "comparison"):
        return ()
    if unit and unit != "money":
        return tuple(stems(unit, language)) if kind in ("count", "number", "list", "name") and unit not in UNITS else ()
    found = _PROPERTY_OF.match(text)
    if found and kind != "person":
        return tuple(stem for stem in stems(found[1], language) if stem not in LIGHT)
    person = re.match(
        r"who(?:'s| is| are| was| were) (?:the|an?) ((?:[\w-]+ ){0,2}[\w-]+?)(?: of| for| in| at| on|\?|$)", text, re.I
    )
    if person:
        return tuple(stem for stem in stems(person[1], language) if stem not in LIGHT)
    deed = _DEED.match(text)
    if deed and deed[1].lower() not in _AUXILIARY:
        return tuple(stems(deed[1], language))
    if kind in ("value", "name", "list") and (noun := _which_noun(text)):
        return tuple(stems(noun, language)) if noun else ()
    measured = [word for word in TOKEN.findall(text.lower()) if word in _MEASURES]
    return tuple(stems(" ".join(measured), language)) if measured and kind == "value" else ()


_WHICH_VERSION = re.compile(
    r"(?:.* )?(?:which|what|first|since which) (?:[\w.]+ )?(?:versions?|releases?)\b|(?:which|what) \w+ (?:introduced|brought|added|removed)\b",
    re.I,
)
_IMPERATIVES = frozenset(
    each("""
    get make set add enable disable install create configure scaffold stop start change remove delete open write read
    send build deploy run turn update upgrade rename move copy convert connect print log test mock retry schedule rotate
    restart reload upload download import export parse
    """)
)
"""Verbs with which people search for what to do."""
_DEED = re.compile(r"who (\w+(?:s|ed))\b", re.I)
"""What somebody does is asked of more than what it is done to."""


def _follows(text: str, names: tuple[str, ...]) -> bool:
    if _FOLLOWS.match(text):
        return True
    pronoun = _PRONOUN.search(text)
    if not pronoun or _EXPLETIVE.search(text):
        return False
    before = stems(text[: pronoun.start()])
    return not names and not [stem for stem in before if stem not in LIGHT and stem not in _QUESTION_STEMS]


_QUESTION_STEMS = frozenset(stems("when was what is where who how does did why which and what about"))
