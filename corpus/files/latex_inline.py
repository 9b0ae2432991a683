"""Text inside a block of LaTeX as people see it printed: macros, accents, units and formulas; line breaks are kept.

Macros that the file itself defines are put in, to a bound; of any other its name is left out and its text stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from .latex_macros import KnownMacros, Macro, argument, option, pairs
from .latex_names import CITES, CODE, DROPPED, NOT_SHOWN, REFERS, SIZES
from .latex_symbols import ACCENTS, SYMBOLS
from .latex_units import number_of, unit_of
from .superscripts import subscript, superscript

_TOKEN = re.compile(
    r"\\(?:([A-Za-z@]+)\*?|(.|\n|$))|([{}$~^_&])|(---?|``|''|[!?]`|[`'])|([^\\{}$~^_&`'!?-]+|[!?-])", re.DOTALL
)
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "!`": "¡", "?`": "¿", "`": "‘", "'": "’"}
_DEEPEST = 16
_FORMULA = re.compile(r"(?<=[A-Za-z)\]])(\d+)")


def math(text: str, known: KnownMacros | None = None) -> str:
    """Writes a formula as a line of text: ``\\frac{a}{b}`` is ``a/b``, ``m^3`` is ``m³``."""
    shown = _Text(text, known or KnownMacros(), 0, math=True).read()
    return re.sub(r"[ \t]{2,}", " ", shown).strip()


def text_of(text: str, known: KnownMacros, depth: int = 0, *, code: bool = False) -> str:
    """The text that a piece of LaTeX shows. ``code``: the text is set in letters of one width, where two hyphens stay
    two."""
    return _Text(text, known, depth, code=code).read()


class _Text:
    def __init__(self, text: str, known: KnownMacros, depth: int, *, math: bool = False, code: bool = False) -> None:
        self.text = text
        self.known = known
        self.depth = depth
        self.math = math
        self.code = code
        self.at = 0
        self.out: list[str] = []
        self.closed = pairs(text)
        self.accents: list[str] = []

    def read(self) -> str:
        if self.depth > _DEEPEST:
            return re.sub(r"[{}\\]", "", self.text)
        in_math: list[bool] = []
        while found := _TOKEN.match(self.text, self.at):
            self.at = found.end()
            name, sign, special, ligature, plain = found.groups()
            if name is not None:
                self._macro(name)
            elif sign is not None:
                self._sign(sign)
            elif special == "$":
                self.at += self.text.startswith("$", self.at)
                if in_math:
                    self.math = in_math.pop()
                else:
                    in_math.append(self.math)
                    self.math = True
            elif special is not None:
                self._special(special)
            else:
                self.out.append(self._plain(ligature) if ligature else plain)
        return "".join(self.out)

    def _plain(self, ligature: str) -> str:
        if self.math:
            return {"'": "′", "''": "″"}.get(ligature, ligature)
        return ligature if self.code else _LIGATURES.get(ligature, ligature)

    def _special(self, sign: str) -> None:
        if sign in "^_" and self.math:
            raw = self._raw()
            inner = self._inner(raw).strip()
            self.out.append(_power(inner) if sign == "^" else subscript(inner))
        elif sign in "~&":
            self.out.append(" ")
        elif sign in "^_":
            self.out.append(sign)

    def _sign(self, sign: str) -> None:
        """A macro of one sign."""
        if sign in ACCENTS and not (self.math and sign in "=.'`"):
            self._accent(sign)
        elif sign in ",;: \n":
            self.out.append("\n" if sign == "\n" else " ")
        elif sign == "\\":
            _, self.at = option(self.text, self.at)
            self.at += self.text.startswith("*", self.at)
            self.out.append(" ")
        elif sign in "()[]":
            self.math = sign in "(["
        elif sign not in "!/-@":
            self.out.append(sign)

    def _accent(self, sign: str) -> None:
        letter = self._inner(self._raw())
        letter = {"ı": "i", "ȷ": "j"}.get(letter, letter)
        if letter:
            self.out.append(unicodedata.normalize("NFC", letter[0] + ACCENTS[sign]) + letter[1:])

    def _raw(self) -> str:
        raw, self.at = argument(self.text, self.at, self.closed)
        return raw

    def _inner(self, raw: str, *, math: bool | None = None, code: bool = False) -> str:
        within = self.math if math is None else math
        return _Text(raw, self.known, self.depth + 1, math=within, code=code or self.code).read()

    def _arguments(self, count: int) -> list[str]:
        return [self._raw() for _ in range(count)]

    def _macro(self, name: str) -> None:
        start = self.at
        if name in self.known.macros:
            self._own(self.known.macros[name])
        elif name in SYMBOLS and name not in ("sqrt",):
            self._skip_space()
            self.out.append(SYMBOLS[name])
        elif name in ACCENTS and (self.math or len(name) == 1):
            self._accent(name)
        elif name in NOT_SHOWN:
            self._left_out(name)
        elif name in CITES or name in REFERS:
            self._refer(name)
        elif name in CODE:
            self._code(name)
        elif name in DROPPED:
            _, self.at = option(self.text, self.at)
            self._arguments(DROPPED[name])
            self.out.append("\n" * self.text.count("\n", start, self.at))
        elif form := _FORMS.get(name):
            self.out.append(form(self))
        elif name in SIZES and self.text.startswith(".", self.at):
            self.at += 1
        elif self.text[self.at : self.at + 1] == "[":
            _, self.at = option(self.text, self.at)
        else:
            self._skip_space()

    def _skip_space(self) -> None:
        """Spaces behind a macro's name are not printed; a line break keeps its place in the count of lines."""
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1

    def _own(self, macro: Macro) -> None:
        values: list[str] = []
        if macro.default is not None and macro.count:
            told, self.at = option(self.text, self.at)
            values.append(macro.default if told is None else told)
        values += self._arguments(macro.count - len(values))
        if not macro.count:
            self.at += 2 if self.text.startswith("{}", self.at) else 0
        body = re.sub(
            r"#(\d)", lambda found: values[int(found[1]) - 1] if 0 < int(found[1]) <= len(values) else "", macro.body
        )
        self.known.budget -= len(body)
        if self.known.budget > 0:
            self.out.append(self._inner(body).replace("\n", " "))

    def _left_out(self, name: str) -> None:
        told, self.at = option(self.text, self.at)
        self._raw()
        alt = re.search(r"\balt\s*=\s*\{?([^{}\]]*)", told or "")
        if alt:
            self.out.append(alt[1])
        else:
            self.known.lost[NOT_SHOWN[name]] += 1

    def _refer(self, name: str) -> None:
        notes = []
        for _ in range(2):
            told, self.at = option(self.text, self.at)
            notes.append(told)
        keys = [key.strip() for key in self._raw().split(",")]
        if name in REFERS:
            shown = [self.known.labels.get(key, key) for key in keys]
            named = name in ("autoref", "cref", "Cref", "labelcref", "vref")
            written = (self._kind_of(key, text) if named else text for key, text in zip(keys, shown, strict=True))
            self.out.append(", ".join(written))
        else:
            said = ", ".join(self._inner(note) for note in notes if note)
            self.out.append(f"[{', '.join(keys)}{f', {said}' if said else ''}]")

    def _kind_of(self, key: str, shown: str) -> str:
        kind = {"tab": "Table", "tbl": "Table", "fig": "Figure", "eq": "Equation", "lst": "Listing"}.get(
            key.partition(":")[0], ""
        )
        return f"{kind} {shown}" if kind else shown

    def _code(self, name: str) -> None:
        if name == "ttfamily":
            self.code = True
            return
        _, self.at = option(self.text, self.at)
        if name == "mintinline":
            self._raw()
        if name in ("verb", "lstinline", "mintinline") and self.text[self.at : self.at + 1] not in ("{", ""):
            mark = self.text[self.at]
            end = self.text.find(mark, self.at + 1)
            end = end if end >= 0 else len(self.text)
            self.out.append(self.text[self.at + 1 : end])
            self.at = end + 1
            return
        raw = self._raw()
        self.out.append(
            raw if name in ("verb", "lstinline", "mintinline", "path", "nolinkurl") else self._inner(raw, code=True)
        )

    # What special macros show.

    def fraction(self) -> str:
        above, below = (self._inner(raw).strip() for raw in self._arguments(2))
        return f"{_group(above)}/{_group(below)}"

    def root(self) -> str:
        degree, self.at = option(self.text, self.at)
        inner = self._inner(self._raw()).strip()
        sign = {"3": "∛", "4": "∜", None: "√"}.get(degree, f"{superscript(degree or '')}√")
        return f"{sign}{inner if len(inner) < 2 or inner.isdigit() else f'({inner})'}"

    def link(self) -> str:
        _, self.at = option(self.text, self.at)
        address, text = self._arguments(2)
        shown = self._inner(text)
        address = re.sub(r"\\(?=[%#&_~{}])", "", address).strip()
        return shown if not address or address == shown else f"{shown} <{address.removeprefix('mailto:')}>"

    def address(self) -> str:
        return re.sub(r"\\(?=[%#&_~{}])", "", self._raw())

    def note(self) -> str:
        _, self.at = option(self.text, self.at)
        return f" ({self._inner(self._raw(), math=False).strip()})"

    def quantity(self) -> str:
        _, self.at = option(self.text, self.at)
        number, unit = self._arguments(2)
        shown = unit_of(unit, self.known)
        return f"{number_of(number)}{'' if shown[:1] in '°′″' and shown != '°C' else ' '}{shown}"

    def quantities(self) -> str:
        _, self.at = option(self.text, self.at)
        low, high, unit = self._arguments(3)
        return f"{number_of(low)} to {number_of(high)} {unit_of(unit, self.known)}"

    def numbers(self) -> str:
        _, self.at = option(self.text, self.at)
        low, high = self._arguments(2)
        return f"{number_of(low)} to {number_of(high)}"

    def list_numbers(self) -> str:
        _, self.at = option(self.text, self.at)
        return ", ".join(number_of(part) for part in self._raw().split(";"))

    def listed_quantities(self) -> str:
        return f"{self.list_numbers()} {unit_of(self._raw(), self.known)}"

    def number(self) -> str:
        _, self.at = option(self.text, self.at)
        return number_of(self._raw())

    def unit(self) -> str:
        _, self.at = option(self.text, self.at)
        return unit_of(self._raw(), self.known)

    def angle(self) -> str:
        _, self.at = option(self.text, self.at)
        parts = self._raw().split(";")
        return "".join(f"{part.strip()}{sign}" for part, sign in zip(parts, "°′″", strict=False) if part.strip())

    def above(self) -> str:
        return superscript(self._inner(self._raw(), math=False))

    def below(self) -> str:
        return subscript(self._inner(self._raw(), math=False))

    def words(self) -> str:
        return self._inner(self._raw(), math=False)

    def chemistry(self) -> str:
        return _FORMULA.sub(lambda found: subscript(found[1]), self._raw().replace("->", "→"))

    def quote(self) -> str:
        self.at += self.text.startswith("*", self.at)
        return f"“{self._inner(self._raw())}”"

    def short(self) -> str:
        key = self._raw()
        return self.known.acronyms.get(key, (key, ""))[0]

    def long(self) -> str:
        key = self._raw()
        return self._inner(self.known.acronyms.get(key, ("", key))[1])

    def full(self) -> str:
        key = self._raw()
        short, long = self.known.acronyms.get(key, (key, ""))
        return f"{self._inner(long)} ({short})" if long else short

    def strike_out(self) -> str:
        self._raw()
        self.known.lost["struck-out part|"] += 1
        return ""


_FORMS: dict[str, Callable[[_Text], str]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac"), _Text.fraction),
    **dict.fromkeys(("SI", "qty"), _Text.quantity),
    **dict.fromkeys(("SIrange", "qtyrange"), _Text.quantities),
    **dict.fromkeys(("SIlist", "qtylist"), _Text.listed_quantities),
    **dict.fromkeys(("si", "unit"), _Text.unit),
    **dict.fromkeys(("footnote", "footnotetext", "thanks", "sidenote", "marginpar"), _Text.note),
    **dict.fromkeys(("gls", "Gls", "glspl", "Glspl", "ac", "acs", "acrshort", "acp"), _Text.short),
    **dict.fromkeys(("acl", "acrlong"), _Text.long),
    **dict.fromkeys(("acf", "acrfull"), _Text.full),
    **dict.fromkeys(("text", "textrm", "mbox", "textnormal", "intertext"), _Text.words),
    **dict.fromkeys(("sout", "st", "cancel", "xout"), _Text.strike_out),
    **dict.fromkeys(("enquote", "textquote"), _Text.quote),
    "sqrt": _Text.root,
    "href": _Text.link,
    "url": _Text.address,
    "num": _Text.number,
    "numrange": _Text.numbers,
    "numlist": _Text.list_numbers,
    "ang": _Text.angle,
    "textsuperscript": _Text.above,
    "textsubscript": _Text.below,
    "ce": _Text.chemistry,
}


def _power(inner: str) -> str:
    if inner in ("∘", "°", "′", "″"):
        return "°" if inner == "∘" else inner
    shown = superscript(inner)
    if not shown.startswith("["):
        return shown
    return f"^{inner}" if len(inner) == 1 else f"^({inner})"


def _group(text: str) -> str:
    return text if re.fullmatch(r"[\w.,′]+|\([^()]*\)", text) else f"({text})"
