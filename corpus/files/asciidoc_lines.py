"""Lines of AsciiDoc by their kind: headings, items, fences, attributes; and the titles that references show."""

from __future__ import annotations

import re

HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]{1,9}\1)?$")
ATTRIBUTE = re.compile(r":(!?)([\w][\w-]*)(!?):(?:[ \t]+(.*))?$")
CONDITION = re.compile(r"(ifdef|ifndef|ifeval|endif)::([^\[\]]*)\[(.*)\]$")
LISTED = re.compile(r"(\*{1,6}|-|\.{1,6}|\d{1,5}\.|<(?:\d{1,3}|\.)>)[ \t]+(\S.*)$")
TERM = re.compile(r"(\S.{0,300}?)(:{2,4}|;;)(?:[ \t]+(.*))?$")
CHECK = re.compile(r"\[([ xX*])\][ \t]+")
FENCE = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|`{3}|~{4,})(\w*)$")
TABLE = re.compile(r"[|,:!]={3,}$")
LIST_LINE = re.compile(r"\[([^\[\]].*|)\]$")
ANCHOR_LINE = re.compile(r"\[\[([^\],]+)(?:,([^\]]*))?\]\]$")
TITLE = re.compile(r"\.([^\s.].*)$")
RULE = re.compile(r"(?:'{3,}|<{3,}|-{3}|\*{3})$")
ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(?=\S)")
ADMONITIONS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
BLOCK_MACRO = re.compile(r"(image|video|audio|include|toc|ifeval|plantuml|gist)::([^\s\[\]]*)\[(.*)\]$")
AUTHOR = re.compile(r"([^\W\d][^<>]{0,100}?)(?:[ \t]+<([^<>\s]+)>)?$")
REVISION = re.compile(r"(?:v?(?P<number>\d[\w.-]*)(?:,[ \t]*|$)|v(?=\d))(?P<rest>.*)$")


def titles(lines: list[str]) -> dict[str, str]:
    """Titles of sections by their anchors, and by the names that Asciidoctor makes of titles."""
    found: dict[str, str] = {}
    anchors: list[str] = []
    for line in lines:
        heading = HEADING.match(line)
        named = ANCHOR_LINE.match(line) or re.match(r"\[#([\w-]+)", line)
        if named:
            anchors.append(named[1])
            if len(named.groups()) > 1 and named[2]:
                found[named[1]] = named[2]
        elif titled := heading or (TITLE.match(line) if anchors else None):
            text = re.sub(r"[*_`#]", "", titled[titled.lastindex or 0])
            made = "_" + re.sub(r"[^\w]+", "_", text.lower()).strip("_")
            found.update({name: found.get(name, text) for name in (*anchors, made, text)})
            anchors = []
        elif line and not line.startswith(("//", "[")):
            anchors = []
    return found


def split_attributes(text: str) -> list[str]:
    """The parts of a line of attributes, at its commas."""
    return re.findall(r'(?:[^,"]|"[^"]*"?)+', text[:2_000])
