r"""Rich Text Format: paragraphs under their headings, lists with their numbers, tables, notes, comments, headers.

A parser of its own, without recursion: one pass over the tokens, with a stack of groups whose depth is bounded. Bytes
are decoded by the code page of the file and of each font. Hidden and deleted text is left out and counted.
"""

from __future__ import annotations

from collections import Counter

from ...errors import ReadError
from .content import Content, clean, count_phrases
from .docx import _flat
from .docx_inline import _PAGES, _SYMBOLS, _TARGET, Marks, _letter
from .formats import Format
from .html_inline import address_behind
from .rtf_blocks import CellEdge, CellPlace, RtfStory
from .rtf_state import State, change
from .rtf_tokens import SYMBOL, Token, encoding_of_charset, encoding_of_page, tokens

_DEEPEST = 1_000
"""Groups inside one another that are told apart; deeper ones are read like the deepest."""
_LONGEST = 500
"""Characters of a title, an author or a field's instruction."""
_SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "~": "\u00a0", "_": "-",
    "{": "{", "}": "}", "\\": "\\",
}  # fmt: skip
_SKIPPED = frozenset({
    "colortbl", "filetbl", "revtbl", "nonshppict", "xe", "tc", "tcn", "rxe", "sp", "nonesttables",
    "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "ftncn", "aftncn", "bkmkstart", "bkmkend", "objdata", "falt",
})  # fmt: skip
_STORIES = frozenset({"footnote", "annotation", "shptxt", "header", "headerl", "headerr", "headerf", "footer",
                      "footerl", "footerr", "footerf"})  # fmt: skip
_WORDS = {"fonttbl": "fonts", "stylesheet": "styles", "listtext": "label", "pntext": "label", "fldinst": "field",
          "atnauthor": "author of a comment", "title": "title", "author": "author", "info": "info"}  # fmt: skip
"""Destinations whose words are collected, and what they are called here."""
_STARRED = frozenset({"shpinst", "shppict", "ud", "atnauthor", "annotation", "fldinst", "footnote"})
"""Destinations behind a star that are read; all others behind one are not."""


def read(data: bytes, form: Format) -> Content:
    """Reads RTF as Markdown. Raises ``ReadError``."""
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise ReadError("the file is no RTF file", fix="open it in its program and save it anew")
    reader = _Reader()
    for token in tokens(data):
        reader.take(token)
    main = reader.finish()
    title = " ".join(clean(reader.words["title"]).split())
    author = " ".join(clean(reader.words["author"]).split())
    told = {"author": author} if author else {}
    return Content(
        main.layout.pages.text,
        form.media_type,
        title or main.layout.heading_1st,
        told,
        omitted=count_phrases(reader.lost),
    )


class _Reader:
    def __init__(self) -> None:
        self.lost: Counter[str] = Counter()
        self.words = dict.fromkeys(_WORDS.values(), "")
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._names: dict[int, str] = {}
        """Of fonts."""
        self._headings: dict[int, int] = {}
        """Levels of headings by the number of their style."""
        self._state = State()
        self._groups: list[State] = []
        self._over = 0
        """Groups that are open beyond ``_DEEPEST``."""
        self._stories = [RtfStory()]
        self._furniture = RtfStory(furniture=True)
        self._begun: list[tuple[int, str, str]] = []
        """Depth, kind and mark of stories that are open."""
        self._fields: list[tuple[int, int]] = []
        """Depth of open fields, and the number of pieces before the result."""
        self._marks = Marks()
        self._bytes = bytearray()
        self._star = self._opened = False
        """Whether a star or a brace was the token before."""
        self._spare = 0
        """Bytes that are still to be passed over."""
        self._kept = True
        """Whether the text before was kept: what is left out in several runs counts once."""

    def take(self, token: Token) -> None:
        kind = token.kind
        if kind == "text" or kind == "byte":
            data = token.data
            if self._spare:
                data, self._spare = data[self._spare :], max(0, self._spare - len(data))
            if self._state.target != "skip":
                self._bytes += data
            self._opened = False
            return
        if self._spare and kind in ("word", "sign"):
            self._spare -= 1
            return
        self._flush()
        self._spare = 0
        if kind == "{":
            self._open()
        elif kind == "}":
            self._close()
        elif kind == "sign":
            self._sign(token.data.decode("latin-1"))
        else:
            self._word(token.data.decode(), token.number)

    def finish(self) -> RtfStory:
        self._flush()
        while len(self._stories) > 1:
            self._end_story()
        main, place = self._stories[0], self._place()
        main.end(place)
        self._furniture.end(place)
        said = self._furniture.layout.pages.text.split("\n\n")
        if any(said):
            main.layout.add("# Header and footer")
            for block in dict.fromkeys(filter(None, said)):
                main.layout.add(block)
        return main

    # --- groups

    def _open(self) -> None:
        if len(self._groups) >= _DEEPEST:
            self._over += 1
            return
        self._groups.append(self._state.copy())
        self._opened, self._star = True, False

    def _close(self) -> None:
        self._opened = self._star = False
        if self._over:
            self._over -= 1
            return
        if not self._groups:
            return
        depth = len(self._groups)
        if self._fields and self._fields[-1][0] == depth:
            self._end_field()
        if self._begun and self._begun[-1][0] == depth:
            self._end_story()
        self._state = self._groups.pop()

    def _destination(self, name: str) -> bool:
        """Whether the control word that opens a group says where its text goes."""
        state, starred = self._state, self._star
        self._opened = self._star = False
        if state.target == "skip":
            return True
        if name == "pict":
            self.lost["picture| without text"] += state.target == "text"
            state.target = "skip"
        elif name == "moMath":
            self.lost["equation|"] += 1
            state.target = "skip"
        elif name in _SKIPPED or (starred and name not in _STARRED):
            state.target = "skip"
        elif name == "upr":
            state.target = "upr"
        elif name == "ud":
            state.target = self._groups[-2].target if len(self._groups) > 1 else "text"
        elif name in _STORIES:
            self._begin_story(name)
        elif name in _WORDS and (name not in ("title", "author") or state.target == "info"):
            state.target = _WORDS[name]
            if name in ("listtext", "pntext"):
                self._stories[-1].label = ""
            elif name in ("atnauthor", "fldinst"):
                self.words[_WORDS[name]] = ""
        elif state.target == "info":
            state.target = "skip"
        elif name == "field":
            self._fields.append((len(self._groups), len(self._stories[-1].pieces)))
            self.words["field"] = ""
        else:
            return False
        return True

    # --- stories and fields

    def _begin_story(self, name: str) -> None:
        kind = "furniture" if name.startswith(("header", "footer")) else name
        mark = ""
        if kind == "footnote":
            mark = self._marks.next("footnote")
            self._say(f"[{mark}]")
        self._begun.append((len(self._groups), kind, mark))
        self._stories.append(self._furniture if kind == "furniture" else RtfStory())
        self._state = State(encoding=self._state.encoding, font=self._state.font, spare=self._state.spare)

    def _end_story(self) -> None:
        _, kind, mark = self._begun.pop()
        story = self._stories.pop()
        story.end(self._place())
        self._fields = [one for one in self._fields if one[0] < len(self._groups)]
        if kind == "furniture":
            return
        text, outer = story.layout.pages.text, self._stories[-1]
        if kind == "shptxt":
            outer.anchored += filter(None, text.split("\n\n"))
        elif kind == "annotation" and text:
            author = " ".join(self.words["author of a comment"].split()) or "unknown"
            outer.anchored.append(f"Comment by {author}: {_flat(text)}")
        elif text:
            outer.anchored.append(f"[{mark}] {_flat(text)}")

    def _end_field(self) -> None:
        _, begun = self._fields.pop()
        story, instruction = self._stories[-1], self.words["field"]
        self.words["field"] = ""
        if _PAGES.match(instruction):
            del story.pieces[begun:]
            story.numbered = True
        elif target := _TARGET.search(instruction):
            text = "".join(piece for _, piece in story.pieces[begun:])
            if address := address_behind(target[1], text):
                story.pieces.append(("", address))

    # --- text

    def _flush(self) -> None:
        """Decodes the bytes so far by the font that they stand in."""
        if not self._bytes:
            return
        data, encoding = bytes(self._bytes), self._state.encoding or self._page
        self._bytes.clear()
        if self._state.target == "fonts":
            encoding = "latin-1"
        if encoding == SYMBOL:
            self._say("".join(self._symbol(f"F0{byte:02X}") if byte > 32 else chr(byte) for byte in data))
        else:
            self._say(data.decode(encoding, "replace"))

    def _symbol(self, code: str) -> str:
        font = self._names.get(self._state.font, "").partition(";")[0].strip()
        return _SYMBOLS.get(f"{code}/{font}") or _SYMBOLS.get(code) or _letter(code)

    def _say(self, text: str) -> None:
        state, story = self._state, self._stories[-1]
        target = state.target
        if target == "text":
            if state.hidden or state.deleted or state.struck:
                what = "deleted" if state.deleted else "hidden" if state.hidden else "struck-out"
                if text.strip():
                    self.lost[f"{what} part|"] += self._kept
                    self._kept = False
                return
            self._kept = self._kept or bool(text.strip())
            story.pieces.append((state.raised, text))
        elif target == "label":
            story.label = (story.label + text)[:_LONGEST]
        elif target == "fonts":
            self._names[state.font] = (self._names.get(state.font, "") + text)[:_LONGEST]
        elif target == "styles":
            self._style(text)
        elif target in self.words:
            self.words[target] = (self.words[target] + text)[:_LONGEST]

    def _style(self, text: str) -> None:
        """The name of a style that is being declared."""
        name = text.partition(";")[0].strip().lower()
        if name.startswith("heading ") and name[8:].isdecimal() and len(name) == 9:
            self._headings[self._state.style] = int(name[8:])
        elif name == "title":
            self._headings[self._state.style] = 1

    def _place(self) -> CellPlace:
        state = self._state
        heading = state.outline + 1 if 0 <= state.outline < 9 else self._headings.get(state.style, 0)
        return CellPlace(heading, state.level, state.in_table)

    # --- control words

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._star = self._opened
        elif sign in ("\n", "\r"):
            self._word("par", None)
        elif sign in _SIGNS:
            self._say(_SIGNS[sign])

    def _word(self, name: str, number: int | None) -> None:
        if self._state.target == "upr" and not self._star:
            self._state.target = "skip"
        if self._opened and self._destination(name):
            return
        self._opened = False
        state = self._state
        if state.target == "skip":
            return
        if name == "u":
            code = (number or 0) % 0x10000
            self._say(self._symbol(f"{code:04X}") if 0xF020 <= code <= 0xF0FF else chr(code))
            self._spare = state.spare
        elif name == "uc":
            state.spare = min(max(number or 0, 0), 9)
        elif name in _SIGNS:
            self._say(_SIGNS[name])
        elif state.target in ("fonts", "styles"):
            self._declare(name, number)
        elif state.target == "text":
            change(state, name, number)
            self._text_word(name, number)

    def _declare(self, name: str, number: int | None) -> None:
        state = self._state
        if name == "f":
            state.font = number or 0
        elif name == "fcharset":
            self._fonts[state.font] = encoding_of_charset(number or 0, "")
        elif name == "cpg":
            self._fonts[state.font] = encoding_of_page(number)
        elif name == "s":
            state.style = number or 0

    def _text_word(self, name: str, number: int | None) -> None:
        state, story = self._state, self._stories[-1]
        if name in ("par", "sect", "page"):
            story.paragraph(self._place())
        elif name == "f":
            state.font, state.encoding = number or 0, self._fonts.get(number or 0, "")
        elif name == "ansicpg":
            self._page = encoding_of_page(number)
        elif name in ("mac", "pc", "pca"):
            self._page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[name]
        elif name == "cell":
            story.cell()
        elif name == "row":
            story.row()
        elif name in ("nestcell", "nestrow"):
            self._say("; ")
        elif name == "trowd":
            story.edges, story.head, self._goes_on, self._from_above = [], False, False, False
        elif name == "trhdr":
            story.head = True
        elif name == "clmrg":
            self._goes_on = True
        elif name == "clvmrg":
            self._from_above = True
        elif name == "cellx":
            story.edges.append(CellEdge(number or 0, self._goes_on, self._from_above))
            self._goes_on = self._from_above = False
        elif name == "chpgn":
            story.numbered = True

    _goes_on = _from_above = False
    """How the cell is drawn whose edge comes next."""
