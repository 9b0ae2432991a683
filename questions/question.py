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
from . import question_forms as forms
from .antecedent import put_antecedent, unresolved_pronoun
from .foreign import Kind
from .opposites import IMPLIED, TOKEN, Sign, asks_leave, signs
from .spellings import careful_spelling


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
    """It begins as one after another does."""
    unresolved: str = ""
    """The pronoun that stands for something of a turn before."""
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


@lru_cache(maxsize=512)
def parse(question: str) -> Question:
    """Takes under a millisecond; the same text gives the same object."""
    text = careful_spelling(" ".join(question.split()))
    parts = _split(text)
    whole = _single(text)
    if len(parts) < 2:
        return whole
    first, *others = (_single(part) for part in parts)
    shared = [first]
    for other in others:
        resolved = _resolve(other, shared[0])
        if resolved is other and _elliptic(other):
            return whole  # "and on which port?" cannot be asked by itself
        shared.append(resolved)
    return replace(whole, parts=tuple(shared))


def _sides(text: str) -> tuple[str, ...]:
    found = forms.SIDES.search(text)
    if found is None:
        return ()
    if found["g"]:
        before = text[: found.start()]
        return f"{before}: {found['g']}", f"{before}: {found['h']}"
    one, other = (found[part] for part in "abcdef" if found[part])
    return f"What is {one}{found['rest'] or ''}", f"What is {other}{found['rest'] or ''}"


def _elliptic(part: Question) -> bool:
    """Too few words to be asked alone: no verb, no name, at most one thing."""
    verbs = set(TOKEN.findall(part.text.lower())) & set(forms.AUXILIARY)
    return not verbs and len({*part.subject, *part.asked}) < 2 and not (part.names or part.identifiers)


def _split(text: str) -> list[str]:
    two = forms.TWO_THINGS.fullmatch(text)
    if two and all(forms.IDENTIFIER.fullmatch(two[part]) for part in ("one", "other")) and not forms.SIDES.search(text):
        return [_as_question(f"{two['before']}{two[part]}{two['behind']}") for part in ("one", "other")]
    both = forms.TWO_WORDS.fullmatch(text)
    if both:
        return [f"{both[1]} {both[3]}", f"{both[2].capitalize()} {both[3]}"]
    if forms.FOLLOWS.match(text):
        return [text]
    cuts = [part.strip(" ,;") for part in forms.SECOND.split(text) if part.strip(" ,;?.!")]
    cuts = cuts if not any(map(forms.SUBORDINATE.match, cuts)) else [text]
    whole = [part for part in cuts if _asks(part)]
    return [_as_question(part) for part in whole] if len(whole) == len(cuts) > 1 else [text]


def _asks(text: str) -> bool:
    """Enough for a question of its own: a question word or auxiliary near its beginning, and something behind."""
    tokens = text.lower().split()
    opening = {token.strip("?,.") for token in tokens[:3]}
    asks = {"what", "who", "whom", "whose", "when", "where", "why", "how", "which", "wer", "was", "wann", "wo", "warum",
            "wie", "welche", "welcher", "welches", "wieviel", "wieviele"} | set(forms.AUXILIARY)  # fmt: skip
    return len(tokens) > 1 and bool(opening & asks)


def _as_question(part: str) -> str:
    return part[0].upper() + part[1:].rstrip("?") + "?"


def _resolve(question: Question, first: Question) -> Question:
    """A later part with the subject of the first for its pronoun."""
    meant = put_antecedent(question.text, first.text, first.names or first.identifiers)
    return question if meant == question.text else _single(meant)


def _single(text: str) -> Question:
    sought = forms.DOCUMENTED.fullmatch(text)
    if sought:  # the passage that says most of it is the place
        return replace(_single(f"What is {sought[1]}?"), text=text, kind="passage")
    tokens = TOKEN.findall(text)
    language = language_of(text)
    quoted = tuple(a or b for a, b in forms.QUOTED.findall(text))
    identifiers = tuple(dict.fromkeys(match.strip("`") for match in forms.IDENTIFIER.findall(text)))
    deciding = _deciding(tokens, language)
    names = _names(text, tokens, language, identifiers, deciding)
    kind, unit = _kind(text, tokens, language) if language in ("en", "de") else (foreign.kind(text, language), "")
    if kind == "date" and identifiers and forms.DONE_WHEN.match(text):
        kind = "passage"
    if kind in _MEASURED:  # "how fast may I drive": what is not allowed above 130 says it
        deciding = tuple(sign for sign in deciding if sign.group != "permission")
    plain = forms.CONTACT.sub(r"\1", text)
    asked = _property_stems(plain, kind, unit, language)
    taken = {stem for item in (*names, *identifiers) for stem in stems(item, language)}
    asked = tuple(stem for stem in asked if stem not in taken and stem not in forms.LIGHT)
    if unit in ("version", "release"):
        taken |= set(stems("version release"))
    decided = {stem for sign in deciding for stem in stems(sign.word, language)}
    drop = taken | decided | set(asked) | forms.LIGHT | ({*stems("may")} if asks_leave(tokens) else set())
    told = forms.FILLER.sub(" ", plain)
    subject = tuple(stem for stem in stems(told, language) if stem not in drop and len(stem) > 1)
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
        negated=bool(forms.NEGATED.search(forms.NO_NEGATION.sub(" ", text))),
        follow_up=forms.FOLLOWS.match(text) is not None,
        unresolved=unresolved_pronoun(text, names),
        sides=_sides(text),
        current=bool(forms.CURRENT.search(text)),
        years=tuple(forms.YEAR.findall(text)),
        versions=tuple("".join(found) for found in forms.VERSION.findall(text)),
        language=language,
    )


_MEASURED: frozenset[Kind] = frozenset({"number", "count", "duration", "value"})


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
    named = {id(sign) for sign in deciding if sign.group.endswith("…") and sign.word[0].isupper()}  # Debian 9
    deciders = {word for sign in deciding if id(sign) not in named for word in sign.word.lower().split()} - {
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
    times = {sign.word.lower() for sign in deciding if sign.group in ("month", "weekday")}
    found: list[list[str]] = []
    previous = -2
    for at, word in enumerate(words):
        bare = word.strip("?,.;:!()\"'“”„»«`")
        bare = re.sub(r"['’](?:s|m|ve|re|d|ll)$", "", bare)
        joined = previous == at - 1 and words[at - 1][-1:] not in ",;:"
        begins = at == 0 or words[at - 1][-1:] in ".!?"
        is_name = (
            bare[:1].isupper()
            and (not begins or (len(bare) > 1 and not bare[1:].islower() and bare.lower() not in forms.AUXILIARY))
            and bare.lower() not in forms.STOP_NAMES
            and bare not in codes
            and (bare.lower() not in deciders or joined)
            and forms.CAPITALISED.fullmatch(bare) is not None
            and not (len(bare) == 1 and not joined)
        )
        if language == "de" and is_name:
            before = words[at - 1] if at else ""
            is_name = (
                (before[:1].isupper() and at > 1 and before.lower() not in times)
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


def _kind(text: str, tokens: list[str], language: str) -> tuple[Kind, str]:
    first = tokens[0].lower() if tokens else ""
    kind = next((kind for kind, form in forms.FORMS if form.match(text)), None)
    if kind == "steps" and re.match(r"how (?:do|does|can) (?:\w+ )+work\b", text, re.I):
        return "passage", ""
    if kind in ("count", "number"):
        counted = forms.COUNTED.search(text)
        noun = _noun(counted[1]) if counted else ""
        if noun in forms.TIME_UNITS and kind == "count":
            return "duration", noun
        if kind == "number" and not noun and forms.MONEY.match(text):
            return kind, "money"
        return ("number" if noun in forms.UNITS else kind), noun
    if kind is not None:
        return kind, ""
    if forms.WHICH_VERSION.match(text):
        return "name", "version"
    if first in forms.IMPERATIVES and not text.endswith("?") and len(tokens) > 2:
        return "steps", ""
    if first in forms.AUXILIARY and not (first == "was" and language == "de"):
        return "yes_no", ""
    possessed = forms.POSSESSED.match(text)
    if (
        forms.DEFINITION.match(text)
        and not possessed
        and not any(token.lower() in forms.MEASURES | forms.DATES for token in tokens)
    ):
        return "definition", ""
    if first in ("which", "what", "welche", "welcher", "welches", "in", "on", "at", "for", "to", "from", "by"):
        noun = _which_noun(text)
        if noun in forms.DATES:
            return "date", ""
        if noun in forms.PLACES:
            return "place", ""
        if noun in forms.MEASURES:
            return "value", "money" if forms.MONEY.match(text) else ""
        picks = forms.PICKS.search(text) is not None
        if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and not _brand(text, noun) and not picks:
            return "list", noun
        if noun:
            return "name", noun
    if first in ("list", "name", "enumerate", "nenne"):
        return "list", ""
    property_of = forms.PROPERTY_OF.match(text) or possessed
    head = {word.lower() for word in property_of[1].split()} if property_of else {token.lower() for token in tokens}
    if head & forms.MEASURES:
        return "value", "money" if forms.MONEY.match(text) else ""
    if first in ("what", "what's", "was") and head & forms.DATES and property_of:
        return "date", ""
    if first == "what" and (measured := forms.WHAT_COSTS.match(text)):
        return "value", "money" if measured["cost"] else ""
    return "passage", ""


def _brand(text: str, noun: str) -> bool:
    """A name such as macOS, that ends in an s of its own."""
    return re.search(rf"\b{noun[:-1]}S\b", text, re.IGNORECASE) is not None and f"{noun[:-1]}s" not in text


def _noun(phrase: str) -> str:
    """The noun of "cars does" or "different cars": the first plural, or the first word."""
    words = [word for word in phrase.lower().split() if word not in forms.NO_NOUN]
    if not words or phrase.lower().split()[0] in forms.NO_NOUN:
        return ""
    return next((word for word in words if _plural(word)), words[0])


def _which_noun(text: str) -> str:
    """The head of "which … plugins are": the last word before the verb where that is near, else the first noun."""
    found = forms.WHICH.search(text)
    if found is None:
        return ""
    ahead, stop = list[str](), ""
    for token in TOKEN.findall(text[found.start(1) :]):
        if token.lower() in forms.NO_NOUN:
            stop = token.lower()
            break
        ahead.append(token.lower())
    if len(ahead) >= 2 and stop in ("the", "a", "an") and not _plural(ahead[-2]):
        return ahead[-2]  # "which sorting algorithm finds the …": the last word is the verb
    return ahead[-1] if 2 < len(ahead) <= forms.FAR and _plural(ahead[-1]) else _noun(found[1])


def _plural(word: str) -> bool:
    return word in ("people", "men", "women", "children") or (word.endswith(("s", "en")) and not word.endswith("ss"))


def _property_stems(text: str, kind: Kind, unit: str, language: str) -> tuple[str, ...]:
    """Stems of the property: the noun that is counted, or what stands before "of"."""
    if kind in ("definition", "steps", "reason", "yes_no", "comparison"):
        return ()
    if unit in ("version", "release"):
        return ()  # told by its number, seldom by the word
    if unit and unit != "money":
        return (
            tuple(stems(unit, language))
            if kind in ("count", "number", "list", "name") and unit not in forms.UNITS
            else ()
        )
    found = forms.PROPERTY_OF.match(text) or forms.POSSESSED.match(text)
    if found and kind != "person":
        return tuple(stem for stem in stems(found[1], language) if stem not in forms.LIGHT)
    person = re.match(
        r"who(?:'s| is| are| was| were) (?:the|an?) ((?:[\w-]+ ){0,2}[\w-]+?)(?: of| for| in| at| on|\?|$)", text, re.I
    )
    if person:
        return tuple(stem for stem in stems(person[1], language) if stem not in forms.LIGHT)
    made = forms.MADE.match(text)
    if made and made["of"]:
        return tuple(stem for stem in stems(made["work"], language) if stem not in forms.LIGHT)
    deed = forms.DEED.match(text)
    if deed and deed[1].lower() not in forms.AUXILIARY:
        return tuple(stems(deed[1], language))
    if kind in ("value", "name", "list") and (noun := _which_noun(text)):
        return tuple(stems(noun, language)) if noun else ()
    measured = [word for word in TOKEN.findall(text.lower()) if word in forms.MEASURES]
    return tuple(stems(" ".join(measured), language)) if measured and kind == "value" else ()
