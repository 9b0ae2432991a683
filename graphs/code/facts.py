"""What one Python file says about itself: definitions, module-level bindings and raw references, with lines.

A pure function of the text. It settles everything that lexical scope alone settles and must not know any other file.

References are *chains*, short strings that the resolver reads:

    nx.Graph().add_edge     names, attributes and calls; the first name is looked up in the module
    $outer/inner            a definition of this file, by its path
    @Graph.add_edge         ``self`` inside the class with that path; ``%`` for ``cls``
    &Graph.add_edge         ``super()`` there
    =a/b                    the module a.b, imported
    =a/b:c                  the name c of the module a.b, imported
    *.append                an attribute of something whose type is not known here
    ~nx.Graph()|.add_edge   found through a local variable or an annotation, which stood for what is left of the bar:
                            right by convention, not by proof
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from dataclasses import dataclass, field

from ...corpus.files.python import LARGEST

MODULE, CLASS, FUNCTION, METHOD = "MODULE", "CLASS", "FUNCTION", "METHOD"
FIELD, GLOBAL, EXTERNAL = "FIELD", "GLOBAL_VARIABLE", "EXTERNAL"

CALL, LOAD, IMPORT, BASE, DECORATOR = "C", "L", "I", "B", "D"

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class SymbolFact:
    label: str
    path: str
    """Qualified name inside the module (``Graph.add_edge``); empty for the module. A second definition of the same name
    ends in ``#2``."""
    line: int
    end_line: int
    signature: str = ""
    doc: str = ""
    """First sentence of the docstring, on one line."""
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    value: str = ""
    """Chain that tells what a variable holds, or what a function returns (``Graph()``: an instance of it)."""
    flags: tuple[str, ...] = ()
    """``property``; ``rebound`` where the name is also assigned, so that a reference may mean something else."""

    def details(self) -> tuple[int, int, str, str, str]:
        return self.line, self.end_line, self.signature, self.doc, " ".join(self.decorators)

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2].partition("#")[0]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Binding:
    """A module-level name (``*``: a star import) and the chain it is bound to. ``certain`` when no branch guards it."""

    name: str
    target: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Reference:
    owner: int
    """Index of the symbol whose text makes the reference."""
    kind: str
    chain: str
    lines: tuple[int, ...]


@dataclass(slots=True)
class Facts:
    """Symbols start with the module itself. A file that does not parse has that symbol only, and ``error`` is set."""

    symbols: list[SymbolFact] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    exports: list[str] | None = None
    """``__all__``; None when there is none or it is computed."""
    computed_exports: bool = False
    references: list[Reference] = field(default_factory=list)
    error: str = ""
    error_line: int = 0

    def mentions(self) -> set[str]:
        """Every name that the meaning of this file's references can hang on."""
        texts = [reference.chain for reference in self.references]
        texts += [f"{binding.name} {binding.target}" for binding in self.bindings]
        texts += [f"{symbol.path} {symbol.value} {' '.join(symbol.bases)}" for symbol in self.symbols]
        return set(_WORD.findall(" ".join(texts)))

    def interface(self) -> str:
        """JSON of what other files can see: no lines, no bodies."""
        symbols = [[s.label, s.path, s.bases, s.value, s.flags] for s in self.symbols]
        bindings = [[b.name, b.target, b.certain] for b in self.bindings]
        return json.dumps([symbols, bindings, self.exports, self.computed_exports])

    def body(self) -> str:
        """JSON of the rest: where the symbols lie and what they refer to."""
        details = [[s.line, s.end_line, s.signature, s.doc, s.decorators] for s in self.symbols]
        return json.dumps([details, [[r.owner, r.kind, r.chain, r.lines] for r in self.references]])

    def stored(self) -> tuple[str, str, str, int]:
        return self.interface(), self.body(), self.error, self.error_line


def load_facts(interface: str, body: str | None = None) -> Facts:
    """The inverse of ``interface`` and ``body``; without the body, lines and references are empty."""
    symbols, bindings, exports, computed = json.loads(interface)
    details, references = json.loads(body) if body else ([[0, 0, "", "", ()]] * len(symbols), [])
    return Facts(
        symbols=[
            SymbolFact(label, path, line, end, signature, doc, tuple(decorators), tuple(bases), value, tuple(flags))
            for (label, path, bases, value, flags), (line, end, signature, doc, decorators) in zip(
                symbols, details, strict=True
            )
        ],
        bindings=[Binding(*binding) for binding in bindings],
        exports=exports,
        computed_exports=computed,
        references=[Reference(owner, kind, chain, tuple(lines)) for owner, kind, chain, lines in references],
    )


def parse(text: str) -> ast.Module:
    """Raises what ``ast.parse`` raises; its warnings about the text are the author's business, not ours."""
    if len(text) > LARGEST:
        raise ValueError(f"{len(text):,} characters, above the limit of {LARGEST:,} for code")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def read_facts(module: str, text: str, *, package: bool = False) -> Facts:
    """Facts of the module called ``module``; ``package`` for an ``__init__.py``. Never raises for bad source text."""
    from .walk import Walker

    end = text.count("\n") + 1
    try:
        return Walker(module, package).walk(parse(text), end)
    except SyntaxError as error:
        reason, line = error.msg, error.lineno or 1
    except (RecursionError, MemoryError):
        reason, line = "nested too deeply", 1
    except ValueError as error:
        reason, line = str(error), 1
    return Facts([SymbolFact(MODULE, "", 1, end)], error=reason, error_line=line)
