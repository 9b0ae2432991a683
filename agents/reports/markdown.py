"""Reports in Markdown: claims that end in ``[1]``, and below them what each number cites, as a place and a quote.

    Emperor penguins live in Antarctica. [1]

    [1]: docs/birds.md:3
    > Emperor penguins live in Antarctica.

``[^1]`` counts as ``[1]``. Lines of a quote begin with ``>``; a line ``> …`` parts two pieces of one document. What
``evidentia ask`` prints for people is read as well. Knows the form alone; ``verify`` checks what is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...corpus.spans import sentences
from ..answer import Answer, Citation

GAP = "…"
ROWS = "rows of "
"""Before a query: a citation of the code graph's rows, which are no text."""

_SOURCE = re.compile(r"\s{0,8}\[\^?(\d+)\]:?\s+(\S.*)")
_PLACE = re.compile(r"(?P<name>.*?)(?:(?::(?P<line>\d+)(?:-\d+)?|, page (?P<page>\d+))(?: \(.*\))?)?$")
_SEEN = re.compile(r"\s+[✓✗](?:\s+not in the stored document)?(?:\s+(?P<quote>\S.*))?$")
_MARKS = re.compile(r"(?:\s*\[\^?\d+\])+(?!\()")
_NUMBER = re.compile(r"\[\^?(\d+)\]")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ASIDE = re.compile(r"\s*(?:#{1,6}\s|fits: |note: |unsupported, left out: |Not found here|\|?\s*:?-{3,})")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Source:
    number: int
    place: str
    """As it is written: a document's name, with line or page."""
    pieces: tuple[str, ...]
    """What is quoted; empty where only a place is given."""
    line: int

    @property
    def name(self) -> str:
        match = _PLACE.match(self.place)
        return match["name"].strip(" `*") if match else self.place


@dataclass(frozen=True, slots=True)
class Claim:
    text: str
    numbers: tuple[int, ...]
    line: int
    """1-based, where its marks stand."""
    before: str = ""
    """What stands between the marks before and the claim: sentences that cite nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    claims: tuple[Claim, ...]
    sources: dict[int, Source]


def to_markdown(answer: Answer) -> str:
    """Writes an answer as a report that ``read`` understands and ``verify`` can check."""
    parts = [
        f"# {' '.join(answer.question.split())}",
        answer.text if answer.status == "written" else _quoted_text(answer),
    ]
    parts += [f"unsupported, left out: {one.text}" for one in answer.sentences if not one.supported]
    parts += [_source_lines(citation) for citation in answer.citations]
    return "\n\n".join(part for part in parts if part) + "\n"


def _quoted_text(answer: Answer) -> str:
    """Each quote with its number; what is near but no answer is no claim, nor are rows."""
    if answer.status == "not_found":
        return _MARKS.sub("", answer.text)
    shown = [one for one in answer.citations if one.evidence.span is not None and answer.status == "quoted"]
    return "\n\n".join(f"{' '.join(one.quote.split())} [{one.number}]" for one in shown) or answer.text


def _source_lines(citation: Citation) -> str:
    evidence = citation.evidence
    if evidence.span is None:
        return f"[{citation.number}]: {ROWS}{' '.join(evidence.query.split())}"
    pieces = [*(governor.quote for governor in evidence.governors), citation.quote]
    quoted = f"\n> {GAP}\n".join("\n".join(f"> {line}" for line in piece.splitlines()) for piece in pieces)
    return f"[{citation.number}]: {citation.place}\n{quoted}"


def read(text: str) -> Report:
    """Reads the claims and sources of a report; code blocks, headings and remarks hold no claims."""
    sources: dict[int, Source] = {}
    claims: list[Claim] = []
    paragraph: list[tuple[int, str]] = []
    lines = text.splitlines()
    at, fenced = 0, False
    while at < len(lines):
        line = lines[at]
        source = _SOURCE.match(line)
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and source and _is_source(line, lines[at + 1 :]):
            claims += _claims(paragraph)
            paragraph = []
            place, pieces, at = _source(source[2], lines, at)
            sources[int(source[1])] = Source(int(source[1]), place, pieces, at)
        elif fenced or not line.strip() or _ASIDE.match(line) or line.lstrip().startswith(">"):
            claims += _claims(paragraph)
            paragraph = []
        else:
            paragraph.append((at + 1, line))
        at += 1
    return Report((*claims, *_claims(paragraph)), sources)


def _is_source(line: str, after: Sequence[str]) -> bool:
    """A line that begins with a number is a source if it names a place: by its form, or by a quote below it."""
    named = re.match(r"\s*\[\^?\d+\]:", line) or _SEEN.search(line)
    return bool(named) or (bool(after) and after[0].lstrip().startswith(">"))


def _source(rest: str, lines: Sequence[str], at: int) -> tuple[str, tuple[str, ...], int]:
    """Place, pieces, and the last line of the source."""
    seen = _SEEN.search(rest)
    place = rest[: seen.start()] if seen else rest
    pieces = [seen["quote"]] if seen and seen["quote"] else []
    inner: list[str] = []
    while at + 1 < len(lines) and lines[at + 1].lstrip().startswith(">"):
        at += 1
        said = lines[at].lstrip()[1:].removeprefix(" ")
        if said.strip() == GAP:
            pieces, inner = [*pieces, "\n".join(inner)], []
        else:
            inner.append(said)
    pieces += ["\n".join(inner)] if inner else []
    return place.strip(), tuple(piece for piece in pieces if piece.strip()), at


def _claims(paragraph: Sequence[tuple[int, str]]) -> Iterator[Claim]:
    """The text before each group of marks, up to the group before it; items of a list each by themselves."""
    items: list[list[tuple[int, str]]] = [[]]
    for number, line in paragraph:
        if _BULLET.match(line) and items[-1]:
            items.append([])
        items[-1].append((number, _BULLET.sub("", line, count=1)))
    for item in items:
        text = "\n".join(line for _, line in item)
        done = 0
        for match in _MARKS.finditer(text):
            said = text[done : match.start()].lstrip(" .,;:\n")
            done = match.end()
            if not said.strip():
                continue
            places = sentences(said, 0, len(said))
            last = places[-1][0] if places else 0
            place = item[text.count("\n", 0, match.start())][0]
            numbers = tuple(dict.fromkeys(int(one) for one in _NUMBER.findall(match[0])))
            yield Claim(said[last:].strip(), numbers, place, said[:last].strip())
