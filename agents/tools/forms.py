"""Forms of English questions: short patterns with names for what many of them share.

A form is a regular expression in which ``{name}``, ``{start}``, ``{end}`` and ``{other}`` stand for a symbol as people
write one: with or without quotes and ``()``, before or after "function", "class" and the like. ``{who}`` is "who",
"which functions", "everything that"; ``{diff}`` is a revision of git, ``{route}`` a path of an HTTP API, ``{since}``
"my changes since"; ``{whether}`` begins a question that wants yes or no, about ``{other}`` where the form has it;
``{options}`` is "settings" and its like; ``{variable}`` a variable of the environment that is called so, ``{setting}``
a name that only settings have (``MAX_SIZE``, ``--size``); ``{flag}`` and ``{flagged}`` an option of a command line,
with dashes and without; ``{script}`` a file of code that the graph does not follow, ``{named_script}`` and
``{script_named}`` one by its name beside a word for it; ``{case}`` "when there is none";
``{field}`` a name that only code has. A form is matched, without
regard to case, against the question without what is only said around it (``core``).
"""

from __future__ import annotations

import re
from functools import lru_cache

_KINDS = (
    r"(?:function|method|class|module|package|file|symbol|decorator|exception|error|protocol|interface|property|"
    r"attribute|constant|variable|helper|fixture)"
)
_NO_SYMBOL = (
    r"(?:it|its|this|that|these|those|the|a|an|there|any|anything|anyone|something|someone|everything|you|we|i|"
    r"they|one|"
    r"and|or|of|to|in|on|by|for|from|if|all|my|our|your)"
)
_SYMBOL = (
    rf"(?:(?:the|our|python|public|private|an?(?= (?-i:[\w.`]*(?:[_.`]|[a-z][A-Z])))) )*(?:{_KINDS} )?[`'\"]?"
    rf"(?P<{{}}>(?!{_NO_SYMBOL}\b)[A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?[`'\"]?(?: {_KINDS})?"
)
_CODE = r"(?:code ?base|code|project|repo(?:sitory)?|package|library|app(?:lication)?|program|tool|system)"
_OPTION = r"(?:(?:command[ -]line|cli) )?(?:option|flag|switch|argument|parameter)"
_SCRIPT = r"(?:(?:[\w+#]+ )?(?:script|template|migration|stylesheet|query file|fixture))"
_AUX = "is|are|does|do|did|has|have|can|will|would"
_PARTS = {
    **{name: _SYMBOL.format(name) for name in ("name", "start", "end", "other")},
    "diff": r"(?P<diff>HEAD(?:[~^]\d*)*|[\w./-]*[\d/][\w./-]*|main|master)",
    "who": (
        r"(?:who|what|which|anything|everything|every|any|all)(?: (?:of )?(?:the )?(?:other )?(?:functions?|"
        r"methods?|types?|structs?|class|"
        r"classes|code|places?|modules?|files?|parts?|things?|definitions?))?(?: (?:that|which|else|all))*"
    ),
    "whether": rf"(?P<whether>{_AUX})",
    "aux": rf"(?:{_AUX})",
    "route": (
        r"(?:(?:route|path|url|endpoint) )?[`'\"]?"
        r"(?P<path>(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) )?/[^\s`'\"?]*)"
        r"[`'\"]?(?: (?:route|path|url|endpoint))?"
    ),
    "change": (
        r"(?:chang(?:e|es|ing)|modif(?:y|ies|ying|ications?)|edit(?:s|ing)?|touch(?:es|ing)?|remov(?:e|es|ing|al)|"
        r"delet(?:e|es|ing|ion)|renam(?:e|es|ing)|refactor(?:s|ing)?|break(?:s|ing)?)"
    ),
    "file": (
        r"(?:(?:the|our) )?(?:file )?[`'\"]?(?P<name>[\w@.-]*(?:/[\w@.-]+)+|[\w@-]+\.[A-Za-z]\w{0,4})[`'\"]?(?: file)?"
    ),
    "variable": (
        r"(?:the )?(?:(?:environment|env) ?var(?:iable)?s?|system propert(?:y|ies)) (?:called |named )?"
        r"[`'\"$]*(?P<name>[A-Za-z_][\w.-]*\w|[A-Za-z_])[`'\"]?"
    ),
    "setting": (
        r"(?:the )?(?:(?:command[ -]line )?(?:option|flag|setting|switch|config(?:uration)? (?:option|key)|constant) )?"
        r"[`'\"$]*(?P<name>(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|--[a-z][\w-]+))[`'\"]?"
        r"(?: (?:environment variable|environment|env ?var(?:iable)?|variable|option|flag|setting|constant|switch))?"
    ),
    "script": (
        rf"(?:the )?(?:{_SCRIPT} )?[`'\"]?(?P<name>(?:[\w@-]+/)*[\w@-]+\.(?:lua|pl|awk|vim|el|ex|erl|groovy|ps1|bat|"
        rf"sh|bash|sql|css|scss|proto))[`'\"]?(?: {_SCRIPT})?"
    ),
    "named_script": rf"(?:the |our )?{_SCRIPT} [`'\"]?(?P<name>[A-Za-z_][\w-]*)[`'\"]?",
    "script_named": rf"(?:the |our )?[`'\"]?(?P<name>[A-Za-z_][\w-]*)[`'\"]? {_SCRIPT}",
    "flag": rf"(?:the )?(?:{_OPTION} )?[`'\"]?(?P<name>(?-i:--?[A-Za-z][\w-]*))[`'\"]?(?: {_OPTION})?",
    "flagged": (r"the (?:command[ -]line |cli )?(?:flag|switch) [`'\"]?(?P<name>[A-Za-z][\w-]*)[`'\"]?"),
    "field": r"(?:the )?(?:field |variable |attribute |property )?`?(?P<name>(?-i:\w*(?:[._]|[a-z][A-Z])[\w.]*\w))`?",
    "case": r"(?:,? (?:when|if|where|in case|for|on|once|unless|with|without|after|before|while|given) .+)?",
    "since": (r"(?:(?:(?:my|the|these|our|all) )?(?:changes?|diffs?|edits?|commits?) )?(?:since|after|against)"),
    "ever": r"(?:ever |still |actually |being )*",
    "anything": r"(?:anything|anyone|anybody|something|any (?:code|functions?))",
    "things": r"(?:code|functions?|methods?|class(?:es)?|definitions?|symbols?|parts?)",
    "members": r"(?:public )?(?:methods|members|attributes|fields|properties|functions|classes|definitions|contents)",
    "options": (
        r"(?:(?:environment|env|configuration|config|command[ -]line|cli) )?"
        r"(?:variables?|options?|settings?|flags?|parameters?|switches|arguments?|env ?vars?)"
        r"(?: and (?:environment |env )?(?:variables?|options?|settings?|flags?|switches))?"
    ),
    "we": rf"(?:we|it|they|you|i|(?:the|this|our|my) {_CODE})",
    "code": rf"(?:(?:the|this|our|my) (?:whole |entire )?{_CODE}|here)",
}
_BEFORE = re.compile(
    r"(?:(?:and|so|ok|okay|hey|hi|please|now|also),? |(?:can|could|would|will) you |"
    r"(?:show|tell|give|list|find|print|get|name|display)(?: (?:me|us))? |"
    r"i(?:'d like| want| need| would like) to (?:know|see|find) |(?:do you know|i wonder) |"
    r"(?:all|every one) (?:of )?(?:the )?(?=[a-z]+ (?:of|to|for) )|(?:a list|the list|a map) of (?=[a-z]+ (?:of|"
    r"to|for) )|"
    r"(?:what|which|who|where)(?: are|'re|'s| is) (?:all )?(?:of )?the (?=[a-z ]+ (?:of|to|for|from|between) )|"
    r"the (?=[a-z ]+ (?:of|to|for|from|between) )|an? (?=[a-z ]+ (?:of|to|for|from|between) ))",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:,? (?:and|or) (?:from )?(?:where|why|how|when|at which lines?)| in (?:this|the|our|my) (?:whole |"
    rf"entire )?{_CODE}|"
    r" (?:here|exactly|please|anywhere|somewhere|at all|today|now|currently|directly|"
    r"right now|"
    r"for me|any ?more|from)|\s*[?.!])+\s*$",
    re.IGNORECASE,
)

_THERE = re.compile(
    r"^(?:is|are) there (?:anything|something|any(?: other)? [a-z]+|an? [a-z]+)(?: in [\w./-]+)? (?:that|which) ",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\b(_\w+|[a-z]\w*_\w*)(?:\(\))? (?:of|in|on) (?:the )?(?:class )?([A-Z][A-Za-z]*[a-z][A-Za-z]*)\b")
_OWNED_DOER = re.compile(
    r"(?<=\bdoes )([a-z]\w*)(?:\(\))? (?:of|in|on) (?:the )?(?:class )?([A-Z]\w*)"
    r"(?= (?:call|invoke|run|use|raise|throw|return|import)s?\b)"
)
_SEPARATOR = re.compile(r"(?<=\w)(?:::|#|->)(?=[A-Za-z_])")
"""Between an owner and its own, as languages and their documentation have it: ``Cart::Line``, ``Cart#total``."""
_OWNERS = re.compile(
    r"\b([A-Z]\w*(?:\.\w+)*)['’]s (?:method |function )?(?=(?-i:[`_]|\w*(?:\w_\w|[a-z][A-Z])))`?(\w+)`?", re.IGNORECASE
)
_IN_SOME = re.compile(r" in [\w./-]+$", re.IGNORECASE)


_CODE_LIKE = re.compile(r"[_.`(]|[a-z][A-Z]|[A-Z]{2,}[a-z]{2}")


def is_code_like(text: str) -> bool:
    """Whether a text is written as only names in code are: ``add_edge``, ``Graph.add``, ``addEdge``, ``URLPattern``."""
    return _CODE_LIKE.search(text) is not None


def core(question: str) -> str:
    """The question without courtesies, "show me", "and where", "in this repository"; of some ways to say a thing only
    one is left: "is there anything that" is "does anything", "add_edge of Graph" and "Graph::add_edge" are
    "Graph.add_edge"."""
    text = _OWNERS.sub(r"\1.\2", _SEPARATOR.sub(".", " ".join(question.split())))
    while match := _BEFORE.match(text):
        text = text[match.end() :]
    text = _THERE.sub("does anything ", _AFTER.sub("", text))
    return _OWNED.sub(r"\2.\1", _OWNED_DOER.sub(r"\2.\1", text))


def cores(question: str) -> tuple[str, str]:
    """The core of the question, and the same without "in networkx" at its end, which may be a part of what is asked."""
    text = core(question)
    return text, _IN_SOME.sub("", text)


@lru_cache(maxsize=256)
def compile_forms(forms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    filled = (re.sub(r"\{([a-z_]+)\}", lambda found: _PARTS[found[1]], form) for form in forms)
    return tuple(re.compile(form, re.IGNORECASE) for form in filled)
