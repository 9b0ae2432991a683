"""Names of LaTeX for signs, accents and units, as people see them printed."""

from __future__ import annotations

# fmt: off
SYMBOLS = {
    **dict(zip(
        ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
        "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta",
        "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "varepsilon", "vartheta",
        "varphi", "varrho", "varsigma", "varpi"],
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩεϑφϱςϖ", strict=True,
    )),
    **dict(zip(
        ["times", "div", "pm", "mp", "cdot", "cdotp", "bullet", "ast", "star", "circ", "leq", "le", "geq", "ge",
        "neq", "ne", "approx", "equiv", "sim", "simeq", "cong", "propto", "ll", "gg", "in", "notin", "ni",
        "subset", "subseteq", "supset", "supseteq", "cup", "cap", "emptyset", "varnothing", "forall", "exists",
        "nexists", "neg", "lnot", "land", "wedge", "lor", "vee", "to", "rightarrow", "leftarrow", "gets",
        "leftrightarrow", "Rightarrow", "Leftarrow", "Leftrightarrow", "iff", "implies", "mapsto", "uparrow",
        "downarrow", "infty", "partial", "nabla", "sum", "prod", "int", "oint", "sqrt", "angle", "perp",
        "parallel", "mid", "prime", "hbar", "ell", "Re", "Im", "aleph", "dots", "ldots", "cdots", "vdots",
        "ddots", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil", "oplus", "otimes", "dagger",
        "ddagger", "setminus", "triangle", "square", "checkmark", "longrightarrow", "xrightarrow", "therefore",
        "because", "degree"],
        "×÷±∓···∗⋆∘≤≤≥≥≠≠≈≡∼≃≅∝≪≫∈∉∋⊂⊆⊃⊇∪∩∅∅∀∃∄¬¬∧∧∨∨→→←←↔⇒⇐⇔⇔⇒↦↑↓∞∂∇∑∏∫∮√∠⊥∥∣′ℏℓℜℑℵ……⋯⋮⋱⟨⟩⌊⌋⌈⌉⊕⊗†‡∖△□✓⟶→∴∵°",
        strict=True,
    )),
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å",
    "l": "ł",
    "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
    "S": "§", "P": "¶", "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€", "EUR": "€", "textyen": "¥",
    "textcent": "¢", "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™",
    "textdegree": "°", "textmu": "µ", "textohm": "Ω", "textonehalf": "½", "textonequarter": "¼",
    "textthreequarters": "¾", "texttimes": "×", "textdiv": "÷", "textpm": "±", "textbullet": "•",
    "textperiodcentered": "·", "textellipsis": "…", "textendash": "–", "textemdash": "—", "textquoteleft": "‘",
    "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "quotedblbase": "„", "glqq": "„",
    "grqq": "“", "guillemotleft": "«", "guillemotright": "»", "flqq": "«", "frqq": "»", "textquotedbl": '"',
    "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "backslash": "\\", "textbar": "|",
    "textless": "<", "textgreater": ">", "textunderscore": "_", "textbraceleft": "{", "textbraceright": "}",
    "textdollar": "$", "textpercent": "%", "textsection": "§", "textparagraph": "¶", "textrightarrow": "→",
    "textleftarrow": "←", "textdagger": "†", "ordfeminine": "ª", "textordmasculine": "º", "slash": "/", "lbrace": "{",
    "rbrace": "}", "vert": "|", "Vert": "‖", "colon": ":", "quad": " ", "qquad": " ", "space": " ",
    "textvisiblespace": "␣",
    "enspace": " ", "thinspace": " ", "nobreakspace": " ", "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e",
    "BibTeX": "BibTeX", "XeLaTeX": "XeLaTeX", "lq": "‘", "rq": "’", "celsius": "°C", "ohm": "Ω", "percent": "%",
    "permil": "‰",
    "perthousand": "‰", "micro": "µ", "ZB": "z. B.", "zB": "z. B.", "arccos": "arccos", "arcsin": "arcsin",
    "arctan": "arctan",
    **{name: name for name in ["sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "log", "ln",
    "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd", "arg", "deg"]},
}
"""Without their backslash."""

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
    "t": "\u0361",
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c",
    "acute": "\u0301", "grave": "\u0300", "vec": "\u20d7", "overline": "\u0304", "mathring": "\u030a",
    "breve": "\u0306",
}
"""Combining characters, which stand behind their letter."""

UNITS = {
    "metre": "m", "meter": "m", "gram": "g", "kilogram": "kg", "second": "s", "ampere": "A", "kelvin": "K",
    "mole": "mol",
    "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "coulomb": "C",
    "volt": "V",
    "farad": "F", "ohm": "Ω", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H", "lumen": "lm", "lux": "lx",
    "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "katal": "kat", "celsius": "°C", "degreeCelsius": "°C",
    "degree": "°", "arcminute": "′", "arcsecond": "″", "minute": "min", "hour": "h", "day": "d", "litre": "L",
    "liter": "L",
    "tonne": "t", "hectare": "ha", "bar": "bar", "mmHg": "mmHg", "electronvolt": "eV", "dalton": "Da", "decibel": "dB",
    "bel": "B", "bit": "bit", "byte": "B", "percent": "%", "radian": "rad", "steradian": "sr", "astronomicalunit": "au",
    "angstrom": "Å", "knot": "kn", "mile": "mi", "neper": "Np", "barn": "b", "nauticalmile": "M", "kWh": "kWh",
    "year": "a",
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m",
    "centi": "c",
    "deci": "d", "deca": "da", "deka": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T",
    "peta": "P",
    "exa": "E", "zetta": "Z", "yotta": "Y", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti",
    "km": "km", "m": "m", "cm": "cm", "mm": "mm", "um": "µm", "nm": "nm", "kg": "kg", "g": "g", "mg": "mg",
    "s": "s", "ms": "ms",
    "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "V": "V", "mV": "mV", "kV": "kV", "A": "A",
    "mA": "mA", "W": "W",
    "kW": "kW", "MW": "MW", "N": "N", "kN": "kN", "Pa": "Pa", "kPa": "kPa", "MPa": "MPa", "K": "K", "J": "J",
    "kJ": "kJ",
    "l": "l", "L": "L", "mL": "mL", "ml": "ml",
}
"""Of siunitx, with its prefixes: these stand right before their unit."""
PREFIXES = frozenset(
    ["yocto", "zepto", "atto", "femto", "pico", "nano", "micro", "milli", "centi", "deci", "deca", "deka",
    "hecto", "kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta", "kibi", "mebi", "gibi", "tebi"]
)
# fmt: on
