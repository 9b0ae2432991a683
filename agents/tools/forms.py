"""Forms of English questions: short patterns with names for what many of them share.

A form is a regular expression in which ``{name}`` stands for a symbol as people write one (with or without quotes and
``()``, after "the function" or not) and ``{who}`` for "who", "what functions" and the like. It is matched against the
whole question, without regard to case.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SYMBOL = r"[`'\"]?(?P<{}>[A-Za-z_][\w.]*)(?:\(\))?[`'\"]?"
_KIND = r"(?:the )?(?:python )?(?:function|method|class|module|symbol|decorator)? ?"
_PARTS = {
    "name": _KIND + _SYMBOL.format("name"),
    "who": r"(?:what|who|which)(?: (?:functions?|methods?|classes|code|places?|modules?))?",
    "list": r"(?:list |show )?(?:all )?(?:the )?",
}


@lru_cache(maxsize=256)
def compiled(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(form) for form in forms)


def _compiled(form: str) -> re.Pattern[str]:
    filled = re.sub(r"\{([a-z]+)\}", lambda found: _PARTS[found[1]], form)
    return re.compile(rf"\s*{filled}(?: in [\w./-]+)?\s*[?.!]*\s*", re.IGNORECASE)
