"""Text inside a block of AsciiDoc as people see it: attributes, macros and quotes replaced, line breaks kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from . import latex_inline
from .superscripts import subscript, superscript

_LONGEST = 2_000
"""Characters of an attribute's value; a longer one, as of attributes that double each other, is left as a name."""
_BUILT_IN = {
    "nbsp": " ", "zwsp": "", "wj": "", "empty": "", "blank": "", "sp": " ", "apos": "'", "quot": '"', "lsquo": "‘",
    "rsquo": "’", "ldquo": "“", "rdquo": "”", "deg": "°", "plus": "+", "brvbar": "¦", "vbar": "|", "amp": "&",
    "lt": "<", "gt": ">", "startsb": "[", "endsb": "]", "caret": "^", "asterisk": "*", "tilde": "~",
    "backslash": "\\", "backtick": "`", "two-colons": "::", "two-semicolons": ";;", "cpp": "C++",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"(\\?)\{([A-Za-z0-9_][\w-]*)\}")
_HELD = re.compile("\ue000(\\d{1,6})\ue001")
_SIGNS = str.maketrans("", "", "\ue000\ue001")
_PASS = re.compile(
    r"\+\+\+(.{1,2000}?)\+\+\+|pass:[a-z,]{0,20}\[([^\]]{0,2000}+)\]|(?<![\w+])\+(\S(?:[^+\n]{0,500}\S)?)\+(?![\w+])"
    r"|`\+(.{1,500}?)\+`|(?:stem|latexmath|asciimath):\[([^\]\\]{0,2000}+(?:\\.[^\]\\]{0,500}+){0,100}+)\]",
    re.DOTALL,
)
_TARGET = r"[^\s\[\]]{0,500}+"
_BODY = r"\[([^\]\\]{0,1000}+(?:\\.[^\]\\]{0,500}+){0,20}+)\]"
_MACRO = re.compile(
    rf"(?<![\w])(link|xref|mailto|image|icon|kbd|btn|menu|footnote|footnoteref|anchor|indexterm2?):(?!:)({_TARGET}){_BODY}"
)
_URL = re.compile(rf"(?<![\w:/<])((?:https?|ftp|irc)://[^\s\[\]<>]{{1,500}}+){_BODY}")
_CROSS = re.compile(r"<<#?([^<>,\n]{1,300})(?:,([^<>]{0,500}))?>>")
_ANCHOR = re.compile(r"\[\[[^\[\]\n]{1,200}+\]\]")
_INDEX = re.compile(r"\(\(\([^()]{1,300}\)\)\)")
_SHOWN_INDEX = re.compile(r"\(\(([^()\n]{1,300})\)\)")
_ROLE = r"(?:\[([^\[\]\n]{0,100}+)\])?"
_WIDE = [(re.compile(rf"{_ROLE}{sign}(\S|\S.{{0,2000}}?\S){sign}", re.DOTALL), kind) for sign, kind in (
    (r"\*\*", ""), ("__", ""), ("``", ""), ("##", "mark"),
)]  # fmt: skip
_NARROW = [
    (re.compile(rf"(?<![\w\\{sign}]){_ROLE}{sign}(?!\s)([^{sign}]{{0,2000}}[^{sign}\s]){sign}(?![\w{sign}])"), kind)
    for sign, kind in ((r"\*", ""), ("_", ""), ("#", "mark"))
]  # fmt: skip
_CODE = re.compile(r"(?<![\w\\`])`([^`\s](?:[^`]{0,1000}[^`\s])?)`(?![\w`])")
_QUOTED = re.compile(r"\"`(\S(?:[^`]{0,1000}\S)?)`\"")
_SINGLE = re.compile(r"(?<!\w)'`(\S(?:[^`]{0,1000}\S)?)`'")
_RAISED = re.compile(r"\^([^\s^]{1,100})\^")
_LOWERED = re.compile(r"(?<!~)~([^\s~]{1,100})~(?!~)")
_BREAK = re.compile(r"[ \t]\+(?=\n|$)")
_ENTITY = re.compile(r"&(?:#(\d{1,6})|#x([0-9a-fA-F]{1,5})|(amp|lt|gt|nbsp|quot));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "quot": '"'}
_ESCAPED = re.compile(r"\\(?=[*_`#^~\[<{:])")
_DASH = re.compile(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)")
_SIGN_FORMS = {"(C)": "©", "(R)": "®", "(TM)": "™", "...": "…", "->": "→", "=>": "⇒", "<-": "←", "<=": "⇐"}
_SIGN = re.compile(r"\((?:C|R|TM)\)|\.\.\.|(?<=\s)(?:->|=>|<-|<=)(?=\s)")


_WORDS = re.compile(r"(?:[^\W_]|[\s,;!?%/|@$]|=(?!>)|\.(?!\.))*+")
"""Text in which nothing is marked."""


def attributes(text: str, known: Mapping[str, str]) -> str:
    """Replaces each ``{name}``; a name that is not known stays, as Asciidoctor leaves it."""

    def value(found: re.Match[str]) -> str:
        name = found[2].lower()
        told = known.get(name, _BUILT_IN.get(name))
        if found[1]:
            return found[0][1:]
        return found[0] if told is None or len(told) > _LONGEST else told

    return _ATTRIBUTE.sub(value, text)


def inline(text: str, known: Mapping[str, str], titles: Mapping[str, str], lost: Counter[str]) -> str:
    """Writes the text of one block as Markdown. ``titles`` are those of sections by their names, for cross references
    without text."""
    if _WORDS.fullmatch(text):
        return text
    held: list[str] = []

    def hold(shown: str) -> str:
        held.append(shown)
        return f"\ue000{len(held) - 1}\ue001"

    def pass_through(found: re.Match[str]) -> str:
        if found[5] is not None:
            return hold(latex_inline.math(found[5].strip("$")))
        return hold(next(part for part in found.groups() if part is not None))

    def macro(found: re.Match[str]) -> str:
        return hold(_macro(found[1], found[2], _bare(found[3]), titles, lost))

    text = _PASS.sub(pass_through, text.translate(_SIGNS))
    text = _CODE.sub(lambda found: hold(attributes(found[1], known)), text)
    text = attributes(text, known)
    text = _MACRO.sub(macro, text)
    text = _URL.sub(lambda found: hold(_link(found[1], _bare(found[2]))), text)
    text = _CROSS.sub(lambda found: hold(found[2] or titles.get(found[1].strip(), found[1])), text)
    text = _ANCHOR.sub("", text)
    text = _SHOWN_INDEX.sub(r"\1", _INDEX.sub("", text))
    text = _SINGLE.sub(r"‘\1’", _QUOTED.sub(r"“\1”", text))
    for form, kind in (*_WIDE, *_NARROW):
        text = form.sub(lambda found, kind=kind: _add_mark(found, kind, lost), text)  # type: ignore[misc]
    text = _LOWERED.sub(lambda found: subscript(found[1]), _RAISED.sub(lambda found: superscript(found[1]), text))
    text = _ENTITY.sub(_entity, _BREAK.sub("", text))
    text = _SIGN.sub(lambda found: _SIGN_FORMS[found[0]], _DASH.sub("—", text))
    text = _ESCAPED.sub("", text)
    for _ in range(3):
        text = _HELD.sub(lambda found: held[int(found[1])] if int(found[1]) < len(held) else "", text)
    return text


def _add_mark(found: re.Match[str], kind: str, lost: Counter[str]) -> str:
    if kind and found[1] in (".line-through", ".strike", "line-through"):
        lost["struck-out part|"] += 1
        return ""
    return found[2]


def _macro(name: str, target: str, body: str, titles: Mapping[str, str], lost: Counter[str]) -> str:
    first = body.partition(",")[0].strip().strip('"')
    if name in ("link", "mailto"):
        return _link(target, body)
    if name == "xref":
        bare = target.lstrip("#")
        return body or titles.get(bare, bare)
    if name == "image":
        alt = first if "=" not in first else ""
        lost["picture| without text"] += not alt
        return alt
    if name == "menu":
        return " > ".join(part for part in (target, *(one.strip() for one in body.split("&gt;"))) if part)
    if name in ("footnote", "footnoteref"):
        return f" ({body})" if body else ""
    if name in ("kbd", "btn"):
        return "+".join(part.strip() for part in body.split(",")) if body else ""
    return body if name == "indexterm2" else ""


def _link(target: str, body: str) -> str:
    text = body.partition(",")[0] if "=" in body else body
    text = text.strip().strip('"').rstrip("^").strip()
    return f"{text} <{target}>" if text and text != target else target


def _bare(body: str) -> str:
    return body.replace("\\]", "]")


def _entity(found: re.Match[str]) -> str:
    if found[3]:
        return _ENTITIES[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if 0 < code < 0x110000 else ""
