"""The code graph on the installed networkx: build, edit and look-up times, and how right its call edges are.

Two independent witnesses: networkx's own tests, run under a profiler that records which function really called which,
and a name matcher (every call of ``f`` may mean every ``f``), which is what a text search amounts to.

    python benchmarks/code_graph.py [--json] [--tests networkx.classes …]
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from evidentia.evaluation.packages import code_files, networkx_folder, open_graph
from evidentia.evaluation.report import arguments, report
from evidentia.graphs.code import CodeFile, CodeGraph
from evidentia.graphs.code.questions import verbs
from evidentia.graphs.code.resolution.values import is_test

TESTS = (
    "networkx.classes",
    "networkx.algorithms.shortest_paths",
    "networkx.algorithms.components",
    "networkx.algorithms.flow",
    "networkx.algorithms.centrality",
    "networkx.algorithms.tree",
    "networkx.generators",
    "networkx.readwrite",
)
Pairs = set[tuple[str, str]]


def seconds(action: Callable[[], Any], times: int = 1) -> float:
    """Median."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def speed(graph: CodeGraph, contents: list[CodeFile]) -> dict[str, float]:
    edited = next(file for file in contents if file.path.endswith("shortest_paths/generic.py"))
    body = CodeFile(
        edited.document,
        edited.path,
        edited.module,
        edited.text.replace("    return paths\n", "    return list(paths)\n"),
    )
    added = CodeFile(
        edited.document,
        edited.path,
        edited.module,
        edited.text + "\n\ndef fresh_name(G):\n    return has_path(G, 0, 1)\n",
    )
    pattern = re.compile(r"\bpagerank\(")
    return {
        "cold build s": seconds(lambda: graph.update(contents)),
        "nothing changed s": seconds(lambda: graph.update([])),
        "one body edited s": seconds(lambda: (graph.update([body]), graph.update([edited]))) / 2,
        "one function added s": seconds(lambda: (graph.update([added]), graph.update([edited]))) / 2,
        "callers(pagerank) ms": 1e3 * seconds(lambda: verbs.callers(graph, "networkx.pagerank"), 20),
        "callers(Graph.add_edge) ms": 1e3 * seconds(lambda: verbs.callers(graph, "Graph.add_edge"), 20),
        "callees(shortest_path) ms": 1e3 * seconds(lambda: verbs.callees(graph, "generic.shortest_path"), 20),
        "subclasses(Graph) ms": 1e3 * seconds(lambda: verbs.subclasses(graph, "networkx.Graph"), 20),
        "text search for pagerank( ms": 1e3 * seconds(lambda: [f for f in contents if pattern.search(f.text)], 5),
    }


@dataclass
class Witness:
    """Records (caller, callee) of every Python call inside the package; constructors count as calls of their class."""

    folder: str
    places: dict[tuple[str, int], str]
    """(file, first line) -> symbol id."""
    spans: dict[str, list[tuple[int, int, str]]]
    seen: Pairs = field(default_factory=set)
    _codes: dict[CodeType, str] = field(default_factory=dict)

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        # A generator's later steps are reported as calls too; its first has not run an instruction of its body.
        if event != "call" or frame.f_lasti > 4 or not self._counts(frame):
            return
        callee = self.places.get((frame.f_code.co_filename, frame.f_code.co_firstlineno))
        caller = self.caller(frame.f_back)
        if callee and caller:
            self.seen.update((caller, name) for name in _called(callee, frame))

    def caller(self, frame: FrameType | None) -> str:
        """Innermost definition around the calling code."""
        while frame is not None and frame.f_code.co_filename.endswith(_PLUMBING):
            frame = frame.f_back
        if frame is None or not self._counts(frame):
            return ""
        code = frame.f_code
        if code not in self._codes:
            found = self.places.get((code.co_filename, code.co_firstlineno), "") if code.co_name[0] != "<" else ""
            self._codes[code] = found or self._around(code)
        return self._codes[code]

    def _counts(self, frame: FrameType) -> bool:
        file = frame.f_code.co_filename
        return file.startswith(self.folder) and not file.endswith(_PLUMBING)

    def _around(self, code: CodeType) -> str:
        inside = [
            (start, name)
            for start, end, name in self.spans.get(code.co_filename, [])
            if start <= code.co_firstlineno <= end
        ]
        return max(inside)[1] if inside else ""


_PLUMBING = ("utils/backends.py", "utils/decorators.py")
"""Frames that networkx's decorators put between a call in the text and the function."""


def _called(callee: str, frame: FrameType) -> Iterator[str]:
    name = frame.f_code.co_name
    if name not in ("__init__", "__new__"):
        yield callee
    elif name == "__init__" and frame.f_code.co_varnames:
        kind = type(frame.f_locals.get(frame.f_code.co_varnames[0]))
        yield f"{kind.__module__}.{kind.__qualname__}".replace(".<locals>", "")
        yield callee


def witness(graph: CodeGraph, folder: Path) -> Witness:
    rows = graph.store.connection.execute(
        """SELECT path, line, end_line, name, label FROM code_nodes
        JOIN code_names USING (id) JOIN code_files USING (document_id)"""
    ).fetchall()
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for path, line, end, name, label in rows:
        if label in ("FUNCTION", "METHOD"):
            spans.setdefault(str(folder.parent / path), []).append((line, end, name))
    return Witness(str(folder), {(path, line): name for path, items in spans.items() for line, _, name in items}, spans)


def observe(graph: CodeGraph, folder: Path, tests: Iterable[str]) -> Pairs:
    import pytest

    profile = witness(graph, folder)

    class Recorder:
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_call(self) -> Iterator[None]:
            sys.setprofile(profile)
            yield
            sys.setprofile(None)

    with redirect_stdout(StringIO()):
        pytest.main(
            [
                "-q",
                "-p",
                "no:cacheprovider",
                "--import-mode=prepend",
                f"--rootdir={folder}",
                "-c",
                "/dev/null",
                "--pyargs",
                *tests,
            ],
            plugins=[Recorder()],
        )
    return profile.seen


def call_edges(graph: CodeGraph, resolutions: tuple[str, ...]) -> Pairs:
    query = """SELECT s.name, t.name, e.resolution FROM code_edges e
        JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target WHERE e.type = 'CALLS'"""
    rows = graph.store.connection.execute(query)
    return {(source, target) for source, target, resolution in rows if resolution in resolutions}


def matched_by_name(graph: CodeGraph, contents: Iterable[CodeFile]) -> Pairs:
    """Every definition's call names, each taken for every definition of that name."""
    named: dict[str, list[str]] = {}
    places: dict[tuple[str, int], str] = {}
    query = """SELECT name, last, label, path, line FROM code_nodes
        JOIN code_names USING (id) JOIN code_files USING (document_id)"""
    for name, last, label, path, line in graph.store.connection.execute(query):
        if label in ("FUNCTION", "METHOD", "CLASS"):
            named.setdefault(last, []).append(name)
            places[path, line] = name
    return {
        (caller, target)
        for file in contents
        for caller, called in _call_names(file, places)
        for target in named.get(called, ())
    }


def _call_names(file: CodeFile, places: dict[tuple[str, int], str]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.text)):
        if not isinstance(node, ast.FunctionDef):
            continue
        caller = places.get((file.path, min([node.lineno, *(item.lineno for item in node.decorator_list)])), "")
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, (ast.Name, ast.Attribute)):
                yield caller, call.func.id if isinstance(call.func, ast.Name) else call.func.attr


def overridden(graph: CodeGraph) -> Callable[[str], str]:
    """Method -> the topmost method that it overrides."""
    query = """SELECT s.name, t.name FROM code_edges e
        JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target WHERE e.type = 'OVERRIDES'"""
    above = dict(graph.store.connection.execute(query))

    def top(name: str) -> str:
        return top(above[name]) if name in above else name

    return top


def judge(claimed: Pairs, seen: Pairs, keep: Callable[[str], bool], top: Callable[[str], str]) -> dict[str, float]:
    """Precision: of the claims whose caller was seen calling something of that name, those that name the right one.
    Recall: of the calls seen, those claimed; "up to overriding" counts a call that arrived at an override for the
    method above it. Calls through operators and protocols (``__getitem__``) have no call in the text and are left out.
    """
    seen = {(a, b) for a, b in seen if keep(a) and not re.search(r"\.__\w+__$", b)}
    families = {(a, top(b)) for a, b in claimed}
    names: dict[tuple[str, str], set[str]] = {}
    for caller, callee in seen:
        names.setdefault((caller, callee.rpartition(".")[2]), set()).add(callee)
    tested = {(a, b) for a, b in claimed if (a, b.rpartition(".")[2].partition("#")[0]) in names}
    right = len(tested & seen)
    return {
        "claims tested": len(tested),
        "precision": right / max(len(tested), 1),
        "recall": len(claimed & seen) / max(len(seen), 1),
        "recall up to overriding": sum((a, top(b)) in families for a, b in seen) / max(len(seen), 1),
        "calls seen": len(seen),
    }


def accuracy(graph: CodeGraph, contents: list[CodeFile], tests: Iterable[str]) -> dict[str, dict[str, float]]:
    seen = observe(graph, networkx_folder(), tests)
    claims = {
        "exact": call_edges(graph, ("exact",)),
        "exact + inferred": call_edges(graph, ("exact", "inferred")),
        "inferred": call_edges(graph, ("inferred",)),
        "same name": matched_by_name(graph, contents),
    }
    table = {}
    for where, keep in (("library", lambda name: not is_test(name)), ("library and tests", lambda name: True)):
        table |= {
            f"{kind}, callers in {where}": judge(claimed, seen, keep, overridden(graph))
            for kind, claimed in claims.items()
        }
    return table


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument(
        "--tests", nargs="*", default=TESTS, help="packages whose tests are watched; none leaves the accuracy out"
    )
    options = parser.parse_args()
    contents = code_files(networkx_folder())
    with tempfile.TemporaryDirectory() as folder:
        graph = open_graph(Path(folder), contents)
        speeds = speed(graph, contents)
        stats, coverage = graph.stats(), graph.coverage()
        lines = sum(file.text.count("\n") for file in contents)
        counts: dict[str, float] = {"files": len(contents), "lines": lines, "nodes": stats.nodes, "edges": stats.edges}
        counts |= {f"{kind} calls": coverage.total(kind, "CALLS") for kind in ("exact", "inferred", "unknown")}
        witnessed = accuracy(graph, contents, options.tests) if options.tests else {}
        graph.store.close()
    rows: list[tuple[str, object]] = [(name, f"{value:,}") for name, value in counts.items()]
    rows += list(speeds.items())
    rows += [(f"{name}: {column}", value) for name, row in witnessed.items() for column, value in row.items()]
    metrics = {**counts, **speeds} | {
        f"{name}: {column}": v for name, row in witnessed.items() for column, v in row.items()
    }
    report(options.json, "The code graph of networkx", ("what", "measured"), rows, metrics)


if __name__ == "__main__":
    main()
