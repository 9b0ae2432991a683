"""Names of LaTeX: environments and macros, by what they show."""

from __future__ import annotations

VERBATIM = frozenset(
    [
        "verbatim",
        "verbatim*",
        "Verbatim",
        "BVerbatim",
        "lstlisting",
        "minted",
        "alltt",
        "semiverbatim",
        "code",
        "listing",
    ]
)
TABLES = {
    "tabular": 1, "tabular*": 2, "tabularx": 2, "tabulary": 2, "longtable": 1, "supertabular": 1, "xltabular": 2,
    "tblr": 1, "longtblr": 1, "array": 1,
}  # fmt: skip
"""With the number of arguments that describe their columns."""
_NUMBERED = frozenset(
    ["equation", "align", "gather", "multline", "eqnarray", "flalign", "alignat", "displaymath", "math", "dmath"]
)
FORMULAS = _NUMBERED | {f"{name}*" for name in _NUMBERED}
DRAWN = frozenset(["tikzpicture", "pgfpicture", "picture", "circuitikz", "axis", "forest", "pspicture", "tikzcd"])
UNSHOWN = frozenset(["comment", "filecontents", "filecontents*"])
LISTS = frozenset([
    "itemize", "enumerate", "description", "compactitem", "compactenum", "inparaenum", "labeling", "thebibliography",
    "acronym",
])  # fmt: skip
FLOATS = {
    "table": "Table", "figure": "Figure", "longtable": "Table", "wraptable": "Table", "wrapfigure": "Figure",
    "sidewaystable": "Table",
}  # fmt: skip
STATED = frozenset([
    "theorem", "lemma", "proof", "definition", "corollary", "proposition", "remark", "example", "note", "warning",
    "exercise", "solution", "claim", "conjecture", "tip", "caution",
])  # fmt: skip
BOXES = frozenset(
    ["minipage", "multicols", "adjustbox", "subfigure", "subtable", "columns", "column", "block", "wrapfigure"]
)
SECTIONS = ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"]
CITES = frozenset(
    [
        "cite",
        "citep",
        "citet",
        "citealp",
        "citeauthor",
        "citeyear",
        "parencite",
        "textcite",
        "autocite",
        "footcite",
        "fullcite",
    ]
)
REFERS = frozenset(["ref", "autoref", "cref", "Cref", "eqref", "pageref", "nameref", "vref", "labelcref"])
CODE = frozenset(
    ["texttt", "code", "path", "ttfamily", "lstinline", "verb", "mintinline", "nolinkurl", "file", "command", "option"]
)
DROPPED = {
    "label": 1, "index": 1, "vspace": 1, "hspace": 1, "hskip": 1, "vskip": 1, "bibliographystyle": 1,
    "pagestyle": 1, "thispagestyle": 1, "color": 1, "phantom": 1, "hphantom": 1, "vphantom": 1, "bibliography": 1,
    "addbibresource": 1, "hypersetup": 1, "cellcolor": 1, "rowcolor": 1, "pagenumbering": 1, "usetikzlibrary": 1,
    "graphicspath": 1, "lstset": 1, "sisetup": 1, "theoremstyle": 1, "glsresetall": 1, "linespread": 1,
    "selectlanguage": 1, "usepackage": 1, "RequirePackage": 1, "documentclass": 1, "nocite": 1, "begin": 1,
    "end": 1, "hyphenation": 1, "makeatletter": 1, "penalty": 1, "arraystretch": 1, "markboth": 2, "markright": 1,
    "cline": 1, "cmidrule": 1, "bibliographyunit": 1, "setlength": 2, "addtolength": 2, "setcounter": 2,
    "addtocounter": 2, "rule": 2, "fontsize": 2, "numberwithin": 2, "newtheorem": 2, "captionsetup": 1,
    "definecolor": 3, "addcontentsline": 3, "textcolor": 1, "colorbox": 1, "fcolorbox": 2, "resizebox": 2,
    "scalebox": 1, "parbox": 1, "raisebox": 1, "rotatebox": 1, "makebox": 0, "foreignlanguage": 1, "multicolumn": 2,
    "multirow": 2, "hspace*": 1, "vspace*": 1, "enlargethispage": 1, "newenvironment": 3, "renewenvironment": 3,
    "setbeamertemplate": 2, "usetheme": 1, "usecolortheme": 1, "geometry": 1,
}  # fmt: skip
"""How many arguments of a macro are not shown."""
NOT_SHOWN = {
    "includegraphics": "picture| without text", "input": "included file| not followed",
    "include": "included file| not followed", "subfile": "included file| not followed",
    "lstinputlisting": "included file| not followed", "verbatiminput": "included file| not followed",
}  # fmt: skip
SIZES = frozenset(["left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr"])
