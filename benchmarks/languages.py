"""The code graph on a real package of each language: hand-checked call sites, definitions beside ctags, speed.

    python benchmarks/languages.py SOURCES [--language Go] [--wrong]

SOURCES holds a folder for each language (``Go/``, ``Java/`` …) with the package that ``call_sites.json`` names, at
that revision (``debian:`` is a folder of the package of that version). The sites were drawn at random by
``draw_call_sites.py``: calls of names that the package defines. Their targets are one reader's: the only definition of
the name unless the source says otherwise. The rules of the languages were mended on these very sites, so the figures
are no forecast for other packages; those of PHP were drawn when its rules were written, and led to no change. A claim
is a CALLS edge inside the package from the line of a site to a definition of the called name; it is right if it leads
to the target, or to what overrides it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph, module_name
from evidentia.graphs.code.languages import language_of

SITES = json.loads((Path(__file__).parent / "call_sites.json").read_text(encoding="utf-8"))
_ANNOTATIONS = 12
"""Lines that a definition may begin before its name."""
_PROJECTS = (".json", ".mod", ".toml")
_KINDS = {
    "function", "method", "class", "struct", "interface", "enum", "union", "macro", "func", "type", "typedef",
    "generator", "getter", "setter", "alias", "annotation", "talias", "methodSpec", "anonMember", "trait",
    "module", "singletonMethod", "accessor",
}  # fmt: skip


@dataclass(frozen=True)
class Built:
    graph: CodeGraph
    lines: int
    seconds: float


def build(folder: Path, suffixes: tuple[str, ...]) -> Built:
    store = Store(Path(tempfile.mkdtemp()), create=True)
    store.connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, uri TEXT, name TEXT, text TEXT)")
    graph, files = CodeGraph(store), []
    for number, path in enumerate(sorted(folder.rglob("*")), 1):
        if path.suffix in (*suffixes, *_PROJECTS) and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            name = str(path.relative_to(folder))
            store.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (number, str(path), name, text))
            if path.suffix in suffixes:
                files.append(CodeFile(number, name, module_name(path, folder), text))
    started = time.process_time()
    graph.update(files)
    return Built(graph, sum(file.text.count("\n") for file in files), time.process_time() - started)


def judge(built: Built, sites: list[dict[str, Any]]) -> tuple[Counter[str], list[str]]:
    connection = built.graph.store.connection
    query = """SELECT t.name, tf.path, d.line, e.resolution, tn.last FROM code_edges e
        JOIN code_files f ON f.document_id = e.document_id JOIN code_names t ON t.id = e.target
        JOIN code_names tn ON tn.id = e.target
        LEFT JOIN code_nodes d ON d.id = e.target LEFT JOIN code_files tf ON tf.document_id = d.document_id
        WHERE e.type = 'CALLS' AND f.path = ? AND e.line = ?"""
    counts: Counter[str] = Counter()
    told = []
    for site in sites:
        rows = connection.execute(query, (site["file"], site["line"])).fetchall()
        mine = [row for row in rows if _named(row, site["name"])]
        claims = {(row[0], f"{row[1]}:{row[2]}") for row in mine if row[1]}
        targets = set(site["targets"])
        inside = {target for target in targets if target}
        right = {name for name, place in claims if _is_at(connection, name, place, inside)}
        related = {name for name, _ in claims if name not in right and _overrides(connection, name, inside)}
        false = {name for name, _ in claims} - right - related
        counts["claims"] += len(claims)
        counts["right claims"] += len(claims) - len(false)
        if inside and "" not in targets:
            counts["targets"] += 1
            counts["found"] += bool(right)
            counts["unknown"] += not claims and any(row[3] == "unknown" for row in mine)
        if false or (inside and "" not in targets and not right):
            told.append(
                f"{site['file']}:{site['line']} {site['name']}: {sorted(false) or 'nothing'} for {site['targets']}"
            )
    return counts, told


def _named(row: tuple[Any, ...], name: str) -> bool:
    parts = row[0].split(".")
    return row[4] == name or (parts[-1].partition("#")[0] == "constructor" and parts[-2] == name)


def _is_at(connection: Any, name: str, place: str, targets: set[str]) -> bool:
    """A class stands for its constructors, and a definition begins with its annotations."""
    if place in targets:
        return True
    query = """SELECT n.name = ?1, f.path, d.line, d.end_line, d.label FROM code_nodes d JOIN code_names n USING (id)
        JOIN code_files f USING (document_id) WHERE n.name IN (?1, ?2)"""
    for itself, path, line, end, label in connection.execute(query, (name, name.rpartition(".")[0])):
        last = end if itself and label == "CLASS" else min(end, line + _ANNOTATIONS)
        if any(place == f"{path}:{at}" for place in targets for at in range(line, last + 1)):
            return True
    return False


def _overrides(connection: Any, name: str, targets: set[str]) -> bool:
    query = """WITH RECURSIVE up (id) AS (SELECT id FROM code_names WHERE name = ? UNION
        SELECT target FROM code_edges JOIN up ON source = up.id WHERE type = 'OVERRIDES')
        SELECT n.name, f.path, d.line FROM up JOIN code_names n USING (id) JOIN code_nodes d USING (id)
        JOIN code_files f USING (document_id)"""
    return any(_is_at(connection, row[0], f"{row[1]}:{row[2]}", targets) for row in connection.execute(query, (name,)))


def definitions(built: Built, folder: Path, suffixes: tuple[str, ...]) -> tuple[int, int, list[str]]:
    """How many definitions of universal-ctags the graph has, by name and file, of how many. Rust's ``mod name;`` is
    defined by another file: it counts where an exact edge leads from its line to a module."""
    command = ["ctags", "-R", "--output-format=json", "--fields=+nK", "--kinds-all=*", "-f", "-", "."]
    command.remove("--kinds-all=*")
    lines = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()
    query = """SELECT f.path, n.last, d.line, d.end_line FROM code_nodes d JOIN code_names n USING (id)
        JOIN code_files f USING (document_id)"""
    known: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for path, name, first, last in built.graph.store.connection.execute(query):
        known.setdefault((path, name), []).append((first, last))
    query = """SELECT f.path, e.line FROM code_edges e JOIN code_files f USING (document_id)
        JOIN code_nodes d ON d.id = e.target
        WHERE e.type = 'IMPORTS' AND e.resolution = 'exact' AND d.label = 'MODULE'"""
    declared = set(built.graph.store.connection.execute(query))
    total = found = 0
    missed = []
    seen = set()
    for line in lines:
        tag = json.loads(line)
        path, name = tag["path"].removeprefix("./"), re.sub(r"^operator .*", "operator", tag["name"])
        if (
            not path.endswith(suffixes)
            or tag.get("kind") not in _KINDS
            or name.startswith(("__anon", "anonymous", "Anonymous"))
        ):
            continue
        source = (folder / path).read_text(encoding="utf-8", errors="replace").splitlines()[tag["line"] - 1]
        if tag["kind"] == "class" and suffixes == (".js",) and "class" not in source and "function" not in source:
            continue  # an object of any kind
        if tag["kind"] == "alias" and suffixes == (".php",):
            continue  # what ``use`` brings
        if (path, name) in seen:
            continue  # the same macro in another branch, an overload
        seen.add((path, name))
        total += 1
        if known.get((path, name)) or (tag["kind"] == "module" and (path, tag["line"]) in declared):
            found += 1
        else:
            missed.append(f"{path}:{tag['line']} {tag['kind']} {name}")
    return found, total, missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", type=Path)
    parser.add_argument("--language", default="")
    parser.add_argument("--wrong", action="store_true", help="list what was missed and what was false")
    given = parser.parse_args()
    print(
        f"{'language':11} {'package':38} {'lines':>7} {'lines/s':>8} {'claims':>7} {'precision':>10} {'targets':>8}"
        f" {'recall':>7} {'unknown':>8} definitions"
    )
    for language, package in SITES["packages"].items():
        folder = given.sources / language
        if given.language not in ("", language) or not folder.is_dir():
            continue
        suffixes = (package["suffix"],) if language != "C" else (".c", ".h")
        suffixes = (*suffixes, ".hpp", ".cpp") if language == "C" else suffixes
        build(folder, suffixes)  # what the first run pays once is not the language's
        built = build(folder, suffixes)
        counts, told = judge(built, [site for site in SITES["sites"] if site["language"] == language])
        found, total, missed = definitions(built, folder, suffixes)
        name = package["source"].partition("@")[0]
        print(
            f"{language:11} {name:38} {built.lines:7,} {built.lines / built.seconds:8,.0f} {counts['claims']:7}"
            f" {counts['right claims'] / max(counts['claims'], 1):10.3f} {counts['targets']:8}"
            f" {counts['found'] / max(counts['targets'], 1):7.3f} {counts['unknown']:8}"
            f" {found}/{total} {found / max(total, 1):.3f}"
        )
        for text in (told + missed[:40]) if given.wrong else ():
            print("   ", text)
        assert language_of(f"x{package['suffix']}").name == language


if __name__ == "__main__":
    main()
