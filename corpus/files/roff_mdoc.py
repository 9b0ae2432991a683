"""A line of mdoc's macros as it is shown: ``.Op Fl v Ar file`` is ``[-v file]``. Source: mdoc(7)."""

from __future__ import annotations

from collections.abc import Mapping

from .roff_inline import plain, words

# fmt: off
_ENCLOSED = {
    "Op": "[]", "Bq": "[]", "Pq": "()", "Aq": "<>", "Brq": "{}", "Dq": "“”", "Qq": '""', "Sq": "‘’", "Ql": "‘’",
    "Eq": "  ",
}
_OPENED = {"Oo": "[", "Bo": "[", "Po": "(", "Ao": "<", "Bro": "{", "Do": "“", "Qo": '"', "So": "‘"}
_CLOSED = {"Oc": "]", "Bc": "]", "Pc": ")", "Ac": ">", "Brc": "}", "Dc": "”", "Qc": '"', "Sc": "’"}
_SHOWN = frozenset(
    ["Ar", "Pa", "Cm", "Ic", "Li", "Em", "Sy", "Ev", "Va", "Vt", "Fa", "Ft", "Dv", "Er", "Cd", "Ad", "An", "No",
    "Tn", "Ms", "Tg", "Xc", "Xo", "Ta", "Nm", "Sx", "Mt", "Lk", "Fn", "Fo", "Fc", "In", "Xr", "Fl", "St", "Ux",
    "Bx", "Bsx", "Nx", "Fx", "Ox", "Dx", "At", "Rv", "Ex", "Ap", "Ns", "Lb", "Bf", "Ef", "Hf", "Nd", "Db", "Ot",
    "Fr", "Es", "En", "Pf", "Ud", "Bt", "Sm", "Me", "Cm", "%A", "%B", "%C", "%D", "%I", "%J", "%N", "%O", "%P",
    "%Q", "%R", "%T", "%U", "%V"]
) | set(_ENCLOSED) | set(_OPENED) | set(_CLOSED)
# fmt: off
_SYSTEMS = {"Ux": "UNIX", "Bx": "BSD", "Bsx": "BSD/OS", "Nx": "NetBSD", "Fx": "FreeBSD", "Ox": "OpenBSD",
    "Dx": "DragonFly", "At": "AT&T UNIX"}
# fmt: on
# fmt: on
_POINTS = frozenset(".,;:?!)]")
_OPEN_POINTS = frozenset("([")


def line_of(text: str, name: str, strings: Mapping[str, str]) -> str:
    """The text of a macro's line. ``name`` is the page's own, which ``Nm`` without a word shows."""
    out: list[str] = []
    glue = False
    closing: list[str] = []
    parts = words(text)
    macro = ""
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        following = parts[at] if at < len(parts) else ""
        bare = not following or following in _SHOWN or following in _POINTS
        if part in _ENCLOSED:
            glue = _put(out, _ENCLOSED[part][0].strip(), glue) or True
            closing.append(_ENCLOSED[part][1].strip())
        elif part in _OPENED:
            _put(out, _OPENED[part], glue)
            glue = True
        elif part in _CLOSED:
            _put(out, _CLOSED[part], True)
            glue = False
        elif part in ("Ns", "Ap", "Pf"):
            if part == "Ap":
                _put(out, "'", True)
            if part == "Pf" and following:
                _put(out, plain(following, strings), glue)
                at += 1
            glue = True
        elif part == "Fl":
            if bare:
                glue = _put(out, "-", glue)
                glue = following == "Ns" or not bare
            macro = part
        elif part in ("Nm", "Ar") and bare:
            glue = _put(out, name if part == "Nm" else "file ...", glue)
        elif part in _SYSTEMS:
            glue = _put(out, _SYSTEMS[part], glue)
        elif part == "Xr" and following:
            section = parts[at + 1] if at + 1 < len(parts) and parts[at + 1] not in _POINTS else ""
            glue = _put(out, plain(following, strings) + (f"({section})" if section else ""), glue)
            at += 2 if section else 1
        elif part in ("Fn", "Fo") and following:
            arguments: list[str] = []
            at += 1
            while at < len(parts) and parts[at] not in _SHOWN and parts[at] not in _POINTS:
                arguments.append(plain(parts[at], strings))
                at += 1
            glue = _put(out, f"{plain(following, strings)}({', '.join(arguments)}{')' if part == 'Fn' else ''}", glue)
        elif part == "Fc":
            glue = _put(out, ")", True)
        elif part == "In" and following:
            glue = _put(out, f"#include <{plain(following, strings)}>", glue)
            at += 1
        elif part in ("Rv", "Ex") and following == "-std":
            glue = _put(
                out, f"The {name} utility exits 0 on success, and >0 if an error occurs." if part == "Ex" else "", glue
            )
            break
        elif part in _SHOWN:
            macro = part
        elif part in _POINTS:
            _put(out, part, True)
            glue = False
        else:
            glue = _put(out, ("-" if macro == "Fl" else "") + plain(part, strings), glue)
            glue = part in _OPEN_POINTS
    return (
        "".join(out) + "".join(reversed(closing))
        if not (out and out[-1] in _POINTS and closing)
        else ("".join(out[:-1]) + "".join(reversed(closing)) + out[-1])
    )


def _put(out: list[str], shown: str, glue: bool) -> bool:
    """Adds a word, with a space before it unless it is glued on."""
    if shown:
        if out and not glue and out[-1] != " ":
            out.append(" ")
        out.append(shown)
    return False
