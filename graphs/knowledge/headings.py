"""Headings as names: what a section's own heading says it is about, and which headings say nothing.

"3.2 Connection pooling" names a thing; "Options" is about what stands above it. Knows no text but the headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...corpus.phrases.names import normal, title_forms

_ONE_WORD = """
    about abstract acknowledgements acknowledgments addendum advanced answer appendix arguments author authors
    background basics bibliography bugs caution caveats changelog changes conclusion conclusions contact
    contents copyright credits danger default defaults definition demo deprecated deprecation description
    details diagnostics disclaimer discussion documentation download environment epilogue errata example
    examples faq feedback figures files footnotes foreword further general glossary guidelines hint hints
    history important index info information install installation introduction keywords legal limitations list
    misc miscellaneous more motivation name names navigation news note notes objectives options other outline
    output outputs overview parameters postscript preface prerequisites problem procedure purpose question
    questions quickstart raises rationale readme recap reference references related remark remarks requirements
    result results return returns scope sections see setup sidebar solution sources standards subcommands
    summary support synopsis syntax tip tips title todo topics troubleshooting update usage version versions
    warning warnings yields
    einleitung einführung überblick übersicht zusammenfassung hinweis hinweise beispiel beispiele anmerkungen
    inhalt inhaltsverzeichnis siehe literatur quellen anhang vorwort fazit
"""
_PHRASES = """
    see also|further reading|more information|table of contents|known issues|release notes|next steps|quick start
    getting started|best practices|how it works|how to use|bug fixes|new features|breaking changes|exit status
    exit code|exit codes|exit value|exit values|return value|return values|reporting bugs|last update|read more
    learn more|what s new|whats new|external links|additional resources|related links|related topics|related pages
    minor changes|major changes|other changes|command line options|basic usage|example usage|usage example
    usage examples|simple example|complete example|complete examples|basic example|see also the|in this article
    on this page|in this section|this page|table of figures|siehe auch|weitere informationen|weblinks
"""
GENERIC = frozenset(normal(word) for word in _ONE_WORD.split()) | frozenset(
    normal(phrase) for line in _PHRASES.strip().splitlines() for phrase in line.split("|")
)
"""Headings, in normal form, that say which part of a text this is, not what it is about."""
_NUMBERING = re.compile(
    r"(?:§+\s*|(?:chapter|section|part|appendix|annex|article|kapitel|abschnitt|anhang)\s+)?"
    r"(?:(?:\d{1,3}|[A-Z])(?:\.\d{1,3})+[.):]?|(?:\d{1,3}|[IVX]{1,5}|[A-Z])[.):])\s+",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = "`*_#=~¶§: \t"


def heading_name(heading: str) -> str:
    """A heading as a sentence would name its thing: no number before it, no marks around it, no article."""
    name, bare = "", _LINK.sub(r"\1", heading).strip(_MARKS)
    while name != bare:
        name = bare
        bare = _NUMBERING.sub("", name, count=1).strip(_MARKS) or name
        first, _, rest = bare.partition(" ")
        bare = rest.strip(_MARKS) if first.lower() in ("the", "a", "an") and title_forms(rest) else bare
    return name


def heading_form(heading: str) -> str:
    """The normal form of what a heading names; empty for one that names nothing of its own."""
    forms = title_forms(heading_name(heading))
    return "" if not forms or forms[-1] in GENERIC or forms[-1].replace(" ", "").isdecimal() else forms[-1]


def path_names(path: str) -> list[str]:
    """The headings of a path, outermost first, that name something."""
    return [heading_name(part) for part in path.split(" > ") if heading_form(part)]


def sections(paths: Sequence[tuple[int, str]]) -> Iterator[tuple[str, int, int]]:
    """``(heading, first passage, last passage)`` of each section with a heading of its own, its subsections included.
    ``paths`` are numbers of passages with their paths of headings, in order."""
    open_: list[tuple[str, int]] = []
    before = -1
    for number, path in [*paths, (-1, "")]:
        parts = path.split(" > ") if path else []
        same = 0
        while same < min(len(parts), len(open_)) and parts[same] == open_[same][0]:
            same += 1
        for heading, first in reversed(open_[same:]):
            if heading_form(heading):
                yield heading, first, before
        open_ = [*open_[:same], *((part, number) for part in parts[same:])]
        before = number
