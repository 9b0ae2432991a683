"""Statements made of questions and their answers, by rule: "When did Burke's son die?" and "1794" become "Burke's son
died in 1794." A question that no rule understands gives none.

The wording of a question is a person's own, so such a statement is a true paraphrase of the sentence that answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidentia.training.wordnet import WordNet, inflected

DO, BE = {"do", "does", "did"}, {"is", "was", "were", "are"}
MODAL = {"can", "could", "will", "would", "has", "had", "have", "may", "must", "should"}
PREPOSITIONS = {
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "to",
    "with",
    "of",
    "about",
    "into",
    "through",
    "during",
    "after",
    "before",
    "under",
    "over",
    "between",
    "against",
    "as",
    "near",
    "since",
    "until",
    "within",
    "around",
    "than",
}
ARTICLES = {"the", "a", "an", "his", "her", "its", "their", "this", "these", "that", "all", "each", "some", "many"}


@dataclass(frozen=True, slots=True)
class Template:
    """A statement with a gap where the answer stands."""

    head: str
    tail: str

    def __call__(self, answer: str) -> str:
        text = " ".join(f"{self.head} {answer} {self.tail}".split())
        text = re.sub(r"\s+([,.;])", r"\1", text).rstrip(" .,?") + "."
        return text[0].upper() + text[1:]


def template(question: str, answer: str, sentence: str, net: WordNet) -> Template | None:
    words = question.strip().rstrip("?. ").split()
    lows = [word.lower().strip(",\"'“”") for word in words]
    before = ""
    if len(words) > 3 and lows[0] in PREPOSITIONS and lows[1] in ("what", "which", "whom", "whose"):
        before, words, lows = lows[0], words[1:], lows[1:]
    if len(words) < 4 or lows[0] not in ("who", "whom", "what", "which", "when", "where", "how"):
        return None
    if lows[0] == "how" and lows[1] not in ("many", "much"):
        return None
    at = next((n for n, low in enumerate(lows) if n and low in DO | BE | MODAL), None)
    verb = next((n for n in range(1, min(at or 9, len(lows))) if _finite(lows[n], net) and (n == 1 or n > 1)), None)
    if verb is not None and (at is None or verb < at):
        counted = " ".join(words[2:verb]) if lows[0] == "how" else ""
        return None if before or lows[0] in ("when", "where") else Template("", f"{counted} {' '.join(words[verb:])}")
    if at is None or at + 1 >= len(words):
        return None
    noun = " ".join(words[2:at]) if lows[0] == "how" else ""
    if noun and noun.lower() in answer.lower():
        noun = ""
    aux, rest = words[at].lower(), words[at + 1 :]
    asks_place = before or (_preposition(answer, sentence) if lows[0] in ("when", "where") else "")
    if lows[0] in ("when", "where") and not asks_place:
        return None
    if aux in DO:
        return _acted(aux, rest, noun, asks_place, net)
    if aux in BE:
        return _was(aux, rest, noun, asks_place, lows[0], net)
    return _could(aux, rest, noun, asks_place, net)


def _finite(low: str, net: WordNet) -> bool:
    base, form = net.base(low, "verb")
    return form in ("s", "ed") and net.verb_share(base) > (0.75 if form == "s" else 0.5) and low not in DO | BE | MODAL


def _preposition(answer: str, sentence: str) -> str:
    found = re.search(rf"\b(\w+) (?:the )?{re.escape(answer)}", sentence)
    if found and found[1].lower() in PREPOSITIONS:
        return found[1].lower()
    return "in" if re.fullmatch(r"(?:\w+ )?\d{4}", answer) else "on" if re.search(r"\d", answer) else ""


def _split(rest: list[str], net: WordNet) -> int | None:
    """Where the verb stands behind its subject."""
    best, most = None, 0.0
    for n in range(1, len(rest)):
        low = rest[n].lower().strip(",")
        base, form = net.base(low, "verb")
        share = net.verb_share(base) if form == "plain" else 0.0
        if rest[n - 1].lower() in ARTICLES | PREPOSITIONS or (rest[n][0].isupper()):
            continue
        if share > 0.85:
            return n
        if share > most:
            best, most = n, share
    return best if most > 0.3 else None


def _gap(head: str, verb: str, behind: list[str], filled: str) -> Template:
    """``filled``: what stands around the answer, with ``{}`` for it."""
    left, right = filled.split("{}")
    if not behind or behind[-1].lower() in PREPOSITIONS:
        return Template(f"{head} {verb} {' '.join(behind)} {left}", right)
    if behind[0].lower() in PREPOSITIONS and not left:
        return Template(f"{head} {verb} {left}", f"{right} {' '.join(behind)}")
    return Template(f"{head} {verb} {' '.join(behind)} {left}", right)


def _acted(aux: str, rest: list[str], noun: str, place: str, net: WordNet) -> Template | None:
    at = _split(rest, net)
    if at is None:
        return None
    verb = rest[at].lower()
    if aux != "do":
        verb = inflected(verb, "ed" if aux == "did" else "s") if verb not in ("have", "be") else (
            {"did": "had", "does": "has"}[aux] if verb == "have" else {"did": "was", "does": "is"}[aux]
        )  # fmt: skip
    filled = f"{place} {{}} {noun}" if place else f"{{}} {noun}"
    return _gap(" ".join(rest[:at]), verb, rest[at + 1 :], filled)


def _participle(rest: list[str], net: WordNet) -> int | None:
    for n in range(1, len(rest)):
        low = rest[n].lower()
        base, form = net.base(low, "verb")
        if form in ("ed", "ing") and net.verb_share(base) > 0.5 and rest[n - 1].lower() not in ARTICLES:
            return n
    return None


def _was(aux: str, rest: list[str], noun: str, place: str, asks: str, net: WordNet) -> Template | None:
    if noun and rest and rest[0].lower() == "there":
        return Template(f"There {aux}", f"{noun} {' '.join(rest[1:])}")
    if noun:
        return Template("", f"{noun} {aux} {' '.join(rest)}")
    at = _participle(rest, net)
    if place:
        cut = at if at is not None else len(rest)
        return Template(f"{' '.join(rest[:cut])} {aux} {' '.join(rest[cut:])} {place}", "")
    if at is not None and (rest[-1].lower() in PREPOSITIONS or at == len(rest) - 1):
        return Template(f"{' '.join(rest[:at])} {aux} {' '.join(rest[at:])}", "")
    if asks in ("who", "what") and rest[0].lower() in ARTICLES and at is None:
        return Template(f"{' '.join(rest)} {aux}", "")
    return Template("", f"{aux} {' '.join(rest)}")


def _could(aux: str, rest: list[str], noun: str, place: str, net: WordNet) -> Template | None:
    found = next((n for n in range(1, len(rest)) if net.base(rest[n].lower(), "verb")[1] == "ed"), None)
    at = found if aux in ("has", "had", "have") else _split(rest, net)
    if at is None:
        first = net.base(rest[0].lower(), "verb")
        return Template("", f"{aux} {' '.join(rest)}") if first[1] in ("plain", "ed") and not noun else None
    filled = f"{place} {{}} {noun}" if place else f"{{}} {noun}"
    return _gap(" ".join(rest[:at]), f"{aux} {rest[at]}", rest[at + 1 :], filled)
