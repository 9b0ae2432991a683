"""How right the code graph's calls are, beside the calls that packages make while their own tests run.

``call_recorder.py`` writes these down, in the packages' own environments. A claim is judged where its line ran: it is
right when its caller really called its target, and right up to overriding when the caller called that name of another
class. Left out, as nobody can record them well: generators, coroutines and lambdas as targets, class bodies. A
decorator's wrapper between two functions is passed over.

    python benchmarks/code_calls.py NAME=FOLDER:SOURCES:CALLS.json … [--json]

FOLDER is what is added, SOURCES the part of it that calls and is called, CALLS.json what was recorded. A rival's claims
may follow as a further file: a JSON list of [caller, target, path, line]. What was missed is counted by its cause;
``-v`` lists it, too.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evidentia.evaluation.packages import open_graph
from evidentia.evaluation.report import arguments, report
from evidentia.graphs.code import CodeFile, CodeGraph, module_name

Pair = tuple[str, str]
Claims = dict[Pair, set[tuple[str, int]]]
"""(caller, target) -> places."""
_OPERATOR = re.compile(r"\.__(?!init__|new__|call__)\w+__$")


@dataclass(frozen=True)
class Seen:
    pairs: set[Pair]
    lines: dict[str, set[int]]


def contents(folder: Path) -> list[CodeFile]:
    found = []
    for number, path in enumerate(sorted(folder.rglob("*.py")), 1):
        text = path.read_text(encoding="utf-8", errors="replace")
        found.append(CodeFile(number, str(path), module_name(path, folder), text))
    return found


def witnessed(graph: CodeGraph, sources: Path, recorded: Path) -> Seen:
    """The recorded calls between definitions, by their ids."""
    data = json.loads(recorded.read_text(encoding="utf-8"))
    query = """SELECT f.path, d.line, d.end_line, n.name, d.label FROM code_nodes d
        JOIN code_names n USING (id) JOIN code_files f USING (document_id)"""
    spans: dict[str, list[tuple[int, int, str, str]]] = {}
    for path, line, end, name, label in graph.store.connection.execute(query):
        if label in ("FUNCTION", "METHOD", "CLASS", "MODULE"):
            spans.setdefault(path, []).append((line, end, name, label))

    def named(place: tuple[str, int, str], *, calls: bool) -> str:
        path, line, name = place
        inside = [span for span in spans.get(path, ()) if span[0] <= line <= span[1]]
        if not inside:
            return ""
        found = max(inside, key=lambda span: (span[0], -span[1], span[3] != "MODULE"))
        if not calls and (
            found[3] not in ("FUNCTION", "METHOD") or found[2].rpartition(".")[2].partition("#")[0] != name
        ):
            return ""
        return found[2]

    pairs = {(named(a, calls=True), named(b, calls=False)) for a, b in data["calls"] if a[0].startswith(str(sources))}
    return Seen({(a, b) for a, b in pairs if a and b}, {path: set(lines) for path, lines in data["lines"].items()})


def claims(graph: CodeGraph, sources: Path) -> dict[tuple[str, str, str], set[tuple[str, int]]]:
    """(caller, target, resolution) -> places, between functions and methods of the sources."""
    query = """SELECT s.name, t.name, e.resolution, f.path, e.line FROM code_edges e
        JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target
        JOIN code_nodes d ON d.id = e.target JOIN code_files f ON f.document_id = e.document_id
        JOIN code_files g ON g.document_id = d.document_id
        WHERE e.type = 'CALLS' AND d.label IN ('FUNCTION', 'METHOD') AND g.path LIKE ?2 AND f.path LIKE ?2"""
    found: dict[tuple[str, str, str], set[tuple[str, int]]] = {}
    for source, target, resolution, path, line in graph.store.connection.execute(
        query.replace("?2", "?"), (f"{sources}%",) * 2
    ):
        found.setdefault((source, target, resolution), set()).add((path, line))
    return found


def judge(graph: CodeGraph, sources: Path, recorded: Path, rival: Path | None) -> dict[str, float]:
    seen = witnessed(graph, sources, recorded)
    generators = _generators(graph)
    claimed = claims(graph, sources)
    kinds: dict[str, Claims] = {"exact": {}, "exact + inferred": {}}
    for (source, target, sure), places in claimed.items():
        for kind in kinds:
            if sure in kind and target not in generators:
                kinds[kind].setdefault((source, target), set()).update(places)
    if rival is not None:
        kinds["rival"] = {}
        for source, target, path, line in json.loads(rival.read_text(encoding="utf-8")):
            if target not in generators:
                kinds["rival"].setdefault((source, target), set()).add((path, line))
    numbers = {"calls seen": float(len(seen.pairs)), "calls that nobody can attribute": float(graph.coverage().gaps)}
    for kind, found in kinds.items():
        numbers |= {f"{kind}: {what}": value for what, value in measures(found, seen).items()}
    missed = Counter(cause(graph, pair, claimed) for pair in seen.pairs - kinds["exact + inferred"].keys())
    return numbers | {f"missed, {why}": float(count) for why, count in missed.most_common()}


def cause(graph: CodeGraph, pair: Pair, claimed: Iterable[tuple[str, str, str]]) -> str:
    """Why a call that was made is not claimed, as far as the graph itself can say."""
    caller, target = pair
    name, connection = _last(target), graph.store.connection
    used = "SELECT 1 FROM code_edges JOIN code_names s ON s.id = source JOIN code_names t ON t.id = target WHERE "
    named = connection.execute(f"{used} s.name = ? AND t.last = ? AND type = 'CALLS'", (caller, name)).fetchone()
    gap = connection.execute(
        "SELECT reason FROM code_gaps JOIN code_names ON id = source WHERE code_names.name = ? AND code_gaps.name = ?",
        (caller, name),
    ).fetchone()
    if any(a == caller and b == target for a, b, _ in claimed):
        return "only as unknown"
    if _OPERATOR.search(target):
        return "an operator or a protocol of the language"
    if any(a == caller and _last(b) == name for a, b, _ in claimed):
        return "only the same name of other classes is claimed"
    if gap:
        return f"counted as a gap: {gap[0]}"
    if named:
        return "a method of a receiver of unknown type"
    return "no call of this name in the caller: a property, a callback, a wrapper"


def measures(found: Claims, seen: Seen) -> dict[str, float]:
    named = {(a, _last(b)) for a, b in seen.pairs}
    through = _through_wrappers(seen.pairs)
    judged = {pair for pair, places in found.items() if any(line in seen.lines.get(path, ()) for path, line in places)}
    right = {pair for pair in judged if pair in seen.pairs or pair in through}
    almost = {(a, b) for a, b in judged if (a, _last(b)) in named}
    plain = {pair for pair in seen.pairs if not _OPERATOR.search(pair[1])}
    if "-v" in sys.argv:
        for pair in sorted(seen.pairs - found.keys()):
            print("MISSED", *pair)
        for pair in sorted(judged - right):
            print("FALSE", *pair, found[pair])
    return {
        "claims judged": len(judged),
        "precision": len(right) / max(len(judged), 1),
        "precision up to overriding": len(right | almost) / max(len(judged), 1),
        "recall": len(seen.pairs & found.keys()) / max(len(seen.pairs), 1),
        "recall without operators": len(plain & found.keys()) / max(len(plain), 1),
    }


def _last(name: str) -> str:
    return name.rpartition(".")[2].partition("#")[0]


def _generators(graph: CodeGraph) -> set[str]:
    query = """SELECT n.name FROM code_nodes d JOIN code_names n USING (id) WHERE d.signature LIKE 'async %'"""
    found = {row[0] for row in graph.store.connection.execute(query)}
    for unit, interface in graph.store.connection.execute("SELECT unit, interface FROM code_files"):
        found |= {f"{unit}.{symbol[1]}" for symbol in json.loads(interface)[0] if "generator" in symbol[4]}
    return found


def _through_wrappers(pairs: set[Pair]) -> set[Pair]:
    """Caller and target, where a function inside another one stands between them."""
    after: dict[str, set[str]] = {}
    for a, b in pairs:
        after.setdefault(a, set()).add(b)
    functions = set(after)
    return {(a, c) for a, b in pairs if b.rpartition(".")[0] in functions or b.count(".") > 2 for c in after.get(b, ())}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("packages", nargs="+")
    parser.add_argument("-v", action="store_true", help="also print what was missed and what was wrong")
    options = parser.parse_args()
    rows: list[tuple[str, object]] = []
    metrics: dict[str, object] = {}
    for package in options.packages:
        name, _, rest = package.partition("=")
        folder, sources, recorded, *rival = (Path(part).resolve() for part in rest.split(":"))
        files = contents(folder)
        with tempfile.TemporaryDirectory() as scratch:
            graph = open_graph(Path(scratch), files)
            graph.update(files)
            numbers = judge(graph, sources, recorded, rival[0] if rival else None)
            graph.store.close()
        rows += [(f"{name}: {what}", value) for what, value in numbers.items()]
        metrics |= {f"{name}: {what}": value for what, value in numbers.items()}
    report(options.json, "Calls recorded while tests run", ("what", "measured"), rows, metrics)


if __name__ == "__main__":
    main()
