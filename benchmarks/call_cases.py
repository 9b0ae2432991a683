"""How many of the ways in which Python code comes to call something the code graph follows, and how right it is.

The programs stand in ``data/call_cases.txt``. Their categories are those of PyCG's micro-benchmark (Salis et al., ICSE
2021), the programs are our own. A call stands as ``caller>callee``; a class stands as its constructor, module level and
class bodies as the module, a lambda as the function around it. ``?`` marks a call that may be claimed or not: a
decorated function is called through its wrapper. Rivals run on the same programs where their commands are given.

    python benchmarks/call_cases.py [--pycg pycg] [--jarvis jarvis-cli] [--json] [-v]
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evidentia.evaluation.packages import open_graph
from evidentia.evaluation.report import arguments, report
from evidentia.graphs.code import CodeFile, module_name
from evidentia.graphs.code.languages import programs
from evidentia.graphs.code.resolution.attribution import calls
from evidentia.graphs.code.resolution.flow import Flow
from evidentia.graphs.code.rounds import ROUNDS, Summaries
from evidentia.graphs.code.storage import Bodies, read_units

DATA = Path(__file__).parent / "data" / "call_cases.txt"
Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    category: str
    name: str
    expected: Pairs
    allowed: Pairs
    files: dict[str, str]


def cases() -> list[Case]:
    found = []
    for block in re.split(r"^== ", DATA.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, listed, body = block.split("\n", 2)
        category, _, name = title.partition(": ")
        parts = re.split(r"^-- (.*)\n", body, flags=re.M)
        files = dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"m.py": body}
        pairs = [(item[0] == "?", item.removeprefix("?").partition(">")) for item in listed.split()]
        expected = {(a, b) for optional, (a, _, b) in pairs if not optional}
        found.append(Case(category, name, expected, {(a, b) for _, (a, _, b) in pairs}, files))
    return found


def ours(case: Case, folder: Path) -> tuple[dict[str, Pairs], int]:
    """Claims by resolution, and calls that end in nothing."""
    files = [
        CodeFile(n, str(folder / p), module_name(folder / p, folder), t)
        for n, (p, t) in enumerate(case.files.items(), 1)
    ]
    graph = open_graph(folder / "library", files)
    graph.update(files)
    query = """SELECT s.name, e.type, t.name, e.resolution, coalesce(d.label, ''), coalesce(o.label, '')
        FROM code_edges e JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target
        LEFT JOIN code_nodes d ON d.id = e.target LEFT JOIN code_nodes o ON o.id = e.source
        WHERE e.type IN ('CALLS', 'DECORATES')"""
    found: dict[str, Pairs] = {"exact": set(), "inferred": set(), "unknown": set()}
    rows = graph.store.connection.execute(query).fetchall()
    for source, kind, target, sure, label, owner in rows:
        if kind == "DECORATES":
            if owner in ("FUNCTION", "METHOD"):
                found[sure].add((_around(target), source))
        elif label in ("FUNCTION", "METHOD"):
            found[sure].add((_around(source) if owner == "CLASS" else source, target))
    silent = _silent(graph.store.connection)
    graph.store.close()
    return found, silent


def _around(name: str) -> str:
    """The module around a definition of it."""
    parts = name.split(".")
    return ".".join(parts[: 2 if parts[0] == "p" and len(parts) > 2 else 1])


def _silent(connection: object) -> int:
    units = list(read_units(connection))  # type: ignore[arg-type]
    program = programs(units, {})[0]
    bodies = Bodies(connection, units, ())  # type: ignore[arg-type]
    summaries = Summaries(connection, ROUNDS)  # type: ignore[arg-type]
    attributed = [
        call for unit in units for call in calls(program, unit, Flow(program, bodies[unit.document], summaries))
    ]
    return sum(call.kind == "C" and not (call.edges or call.settled or call.reason) for call in attributed)


def rival(command: str, case: Case, folder: Path) -> Pairs:
    """Claims of a tool with PyCG's command line and JSON."""
    for path, text in case.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    files = [str(folder / path) for path in case.files]
    run = subprocess.run(
        [command, *files, "--package", str(folder), "-o", str(folder / "out.json")],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if run.returncode or not (folder / "out.json").exists():
        return set()
    graph = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    own = {name for name in graph if name.partition(".")[0] in ("m", "p", "q")}
    classes = {name for path, text in case.files.items() for name in _classes(path, text)}
    pairs = {(_plain(a), b) for a, found in graph.items() for b in found if a in own and b in own - classes}
    return {(_around(a) if a in classes else a, b) for a, b in pairs if "<lambda" not in b}


def _classes(path: str, text: str) -> Iterator[str]:
    """Ids of the classes: PyCG and JARVIS have edges to them beside those to their constructors."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    waiting = [(module, node) for node in ast.parse(text).body]
    while waiting:
        outer, node = waiting.pop()
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            waiting += [(f"{outer}.{node.name}", inner) for inner in node.body]
            if isinstance(node, ast.ClassDef):
                yield f"{outer}.{node.name}"


def _plain(name: str) -> str:
    return re.sub(r"\.<lambda\d+>$", "", name)


def scores(claimed: Iterable[tuple[Case, Pairs]]) -> tuple[float, float]:
    """Precision and recall."""
    right = wrong = missed = 0
    for case, pairs in claimed:
        right += len(pairs & case.expected)
        wrong += len(pairs - case.allowed)
        missed += len(case.expected - pairs)
    return right / max(right + wrong, 1), right / max(right + missed, 1)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--pycg", help="command of PyCG")
    parser.add_argument("--jarvis", help="command of JARVIS")
    parser.add_argument("-v", action="store_true", help="also print what was missed and what was wrong")
    options = parser.parse_args()
    claims: dict[str, list[tuple[Case, Pairs]]] = {"exact": [], "exact + inferred": []}
    rivals: dict[str, Callable[[Case, Path], Pairs]] = {
        name: (lambda case, folder, command=command: rival(command, case, folder))  # type: ignore[misc]
        for name, command in (("PyCG", options.pycg), ("JARVIS", options.jarvis))
        if command
    }
    claims |= {name: [] for name in rivals}
    silent = 0
    for case in cases():
        with tempfile.TemporaryDirectory() as folder:
            found, count = ours(case, Path(folder))
        silent += count
        claims["exact"].append((case, found["exact"]))
        claims["exact + inferred"].append((case, found["exact"] | found["inferred"]))
        for name, run in rivals.items():
            with tempfile.TemporaryDirectory() as folder:
                claims[name].append((case, run(case, Path(folder))))
        both = found["exact"] | found["inferred"]
        if options.v and (case.expected - both or both - case.allowed):
            print(f"{case.category}, {case.name}: missed {case.expected - both}, wrong {both - case.allowed}")
    rows: list[tuple[str, object, object]] = []
    metrics: dict[str, object] = {"silent calls": silent}
    for kind, judged in claims.items():
        precision, recall = scores(judged)
        rows.append((kind, precision, recall))
        metrics |= {f"{kind}: precision": precision, f"{kind}: recall": recall}
    for category in dict.fromkeys(case.category for case, _ in claims["exact"]):
        some = [(case, pairs) for case, pairs in claims["exact + inferred"] if case.category == category]
        rows.append((f"{category} ({len(some)}), exact + inferred", *scores(some)))
    count = sum(len(case.expected) for case, _ in claims["exact"])
    rows.append((f"silent calls, of {count} expected in {len(claims['exact'])} programs", silent, ""))
    report(options.json, "Ways to call", ("claims", "precision", "recall"), rows, metrics)


if __name__ == "__main__":
    main()
