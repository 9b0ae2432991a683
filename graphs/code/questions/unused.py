"""Definitions that nothing uses, said only where that can be known.

A definition that no edge leads to is sure to be unused when its name stands nowhere else in the library, in any file
of any kind: what cannot be seen (a call through ``getattr``, a file that does not parse, a registry) must at least name
it. Where it may be reached all the same, the reason is given instead. A method that overrides one of the library is
reached through that one, and stubs (``.pyi``) are no definitions of their own; both are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from ....corpus.texts import all_texts
from ..index import CodeGraph
from ..languages import language_of
from ..resolution.values import OUTSIDE
from ..symbols import COLUMNS, Symbol, is_of_tests, symbol
from .verbs import WHOLE, CodeAnswer, CodeRow

_LABELS = ("FUNCTION", "METHOD", "CLASS")
_WORD = re.compile(r"[A-Za-z_]\w*")
_PREFIX = re.compile(r"""["']([A-Za-z_]\w*_)["'{%]""")
"""A piece of text that a name may be put together with: ``getattr(self, "visit_" + kind)``."""

_QUERY = (
    "MATCH (n) WHERE (n:FUNCTION OR n:METHOD OR n:CLASS) "
    "AND NOT EXISTS { MATCH ()-[:CALLS|USES|IMPORTS|INHERITS]->(n) } RETURN n.id AS id, n.file_path AS file"
)


def find_unused(graph: CodeGraph) -> list[CodeAnswer]:
    """Two answers: what is unused for sure, and what cannot be told, each with its reason, the likeliest first."""
    connection = graph.store.connection
    reasons = _Reasons(connection, _words(connection))
    judged = [(*reasons.why_not(item, decorators), item) for item, decorators in _without_use(connection)]
    rows = [_row(item, reason) for _, reason, item in sorted(judged, key=lambda one: (one[0], one[2].id))]
    sure = tuple(row for row in rows if row.resolution == "exact")
    none = () if sure else ("No definition is sure to be unused.",)
    return [
        CodeAnswer("unused definitions", WHOLE, sure, _QUERY, notes=none),
        CodeAnswer("definitions that may be unused", WHOLE, tuple(rows[len(sure) :]), _QUERY),
    ]


def _row(item: Symbol, reason: str) -> CodeRow:
    note = f"cannot tell, because {reason}" if reason else "its name stands nowhere else"
    return CodeRow(
        item,
        "",
        "unknown" if reason else "exact",
        line=item.line,
        lines=(item.line,),
        document=item.document,
        note=note,
    )


def _without_use(connection: Connection) -> Iterator[tuple[Symbol, str]]:
    """Definitions outside tests that no edge of a use leads to, but from within; and their decorators."""
    marks = ", ".join("?" * len(_LABELS))
    query = f"""SELECT d.decorators, {COLUMNS} WHERE d.label IN ({marks}) AND NOT EXISTS (
        SELECT 1 FROM code_edges e JOIN code_names s ON s.id = e.source WHERE e.target = n.id
        AND e.type IN ('CALLS', 'USES', 'IMPORTS', 'INHERITS')
        AND s.name != n.name AND substr(s.name, 1, length(n.name) + 1) != n.name || '.')
        AND NOT EXISTS (SELECT 1 FROM code_edges o WHERE o.source = n.id AND o.type = 'OVERRIDES')
        AND f.path NOT LIKE '%.pyi' """  # noqa: S608
    for decorators, *row in connection.execute(query, _LABELS):
        item = symbol(tuple(row))
        if not is_of_tests(item) and not _is_run_by_the_language(item):
            yield item, str(decorators)


def _is_run_by_the_language(item: Symbol) -> bool:
    pattern = _RUN_BY_THE_LANGUAGE.get(language_of(item.file).family)
    return pattern is not None and pattern.fullmatch(item.name) is not None


_RUN_BY_THE_LANGUAGE = {
    "python": re.compile(r"__\w+__|_[a-z]\w*_"),
    "php": re.compile(r"__\w+"),
    "ruby": re.compile(
        r"initialize\w*|method_missing|respond_to_missing\?|inherited|included|extended|prepended|method_added|"
        r"const_missing|coerce|to_\w+|each|hash|inspect|call|\W+"
    ),
    "javascript": re.compile(r"constructor|toJSON|toString|valueOf|\w+Callback|\[.*"),
    "go": re.compile(r"init|main|String|GoString|Error|Unwrap|(?:Unm|M)arshal\w+|Scan|Value"),
    "rust": re.compile(r"main|drop|fmt|next|poll|from|deref|deref_mut|index|clone|eq|hash"),
    "java": re.compile(r"main|toString|hashCode|equals|compareTo|finalize|(?:read|write)(?:Object|Replace|Resolve)"),
    "csharp": re.compile(r"Main|Dispose(?:Async)?|ToString|Equals|GetHashCode|Finalize|Deconstruct"),
    "c": re.compile(r"main|WinMain|DllMain|~\w+|operator.*"),
}
"""Names that a language or its runtime calls by itself, by family."""


def _words(connection: Connection) -> _Words:
    words: Counter[str] = Counter()
    prefixes: set[str] = set()
    for text in all_texts(connection):
        words.update(_WORD.findall(text))
        prefixes.update(_PREFIX.findall(text))
    return _Words(words, tuple(sorted(prefixes)))


@dataclass(frozen=True, slots=True)
class _Words:
    counts: Counter[str]
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reasons:
    connection: Connection
    words: _Words

    def why_not(self, item: Symbol, decorators: str) -> tuple[int, str]:
        """How much speaks for its use after all, and why; 0 and nothing where nothing does."""
        query = "SELECT count(*) FROM code_nodes d JOIN code_names n USING (id) WHERE n.last = ?"
        others = self.words.counts[item.name] - int(self.connection.execute(query, (item.name,)).fetchone()[0])
        prefixes = (each for each in self.words.prefixes if item.name.startswith(each) and item.name != each)
        if decorators:
            shown = decorators.split()[0].lstrip("$").replace("/", ".")
            return 1_000_000, f"{shown} decorates it and may register it"
        if prefix := next(prefixes, ""):
            return 1_000_000, f'names that begin with "{prefix}" may be put together at run time'
        if item.label == "METHOD" and (base := self._outer_base(item)):
            return 1_000_000, f"its class inherits from {base}, which may call it"
        if others > 0:
            return 1 + others, f"its name stands at {others} other place{'s' * (others != 1)}"
        if not any(part.startswith("_") for part in item.id.split(".")):
            return 1, "it is public: code outside this library may use it"
        if item.label == "METHOD" and not item.name.startswith("_"):
            return 1, "whoever is given an object of its class may call it"
        return 0, ""

    def _outer_base(self, item: Symbol) -> str:
        query = """SELECT t.name FROM code_edges e JOIN code_names s ON s.id = e.source
            JOIN code_names t ON t.id = e.target
            WHERE s.name = ? AND e.type = 'INHERITS' AND t.name LIKE ? ORDER BY e.line LIMIT 1"""
        row = self.connection.execute(query, (item.id.rpartition(".")[0], f"{OUTSIDE}%")).fetchone()
        return str(row[0]).removeprefix(OUTSIDE) if row else ""
