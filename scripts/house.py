"""Prints the figures of the house: files, names, helpers, registries, and the arrows between its folders.

python scripts/house.py            # the figures
python scripts/house.py --names    # and the names behind them
"""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTICIPLE = re.compile(
    "[a-z]+ed|begun|bent|bought|bound|broken|brought|built|caught|chosen|dealt|done|drawn|driven|fallen|fed|felt|fought|"
    "found|given|gone|grown|heard|held|hidden|hung|kept|known|laid|led|left|lent|lost|made|meant|met|paid|said|seen|sent|"
    "shown|slept|sold|sought|spent|spoken|stood|struck|stuck|swept|taken|taught|thought|told|torn|understood|won|worn|"
    "written"
)
NO_PARTICIPLE = {"embed", "exceed", "feed", "need", "proceed", "seed", "shed", "speed", "succeed"}
"""Imperatives and nouns that end alike. Verbs whose participle is their imperative ("read", "split") are not listed."""
MOST_BY_PLACE = 5
NO_SUBJECT = re.compile(r"(?:Of|By|As|For|In|From|With)\b")
"""What a docstring does not begin with: it would say whose, how or where, and not what."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    path: Path
    """From the root."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def part(self) -> str:
        """The folder or module at the root that it stands in."""
        return self.path.parts[0].removesuffix(".py")


@dataclass(frozen=True)
class Place:
    name: str
    where: str
    """``path:line``."""

    def __str__(self) -> str:
        return f"{self.name} ({self.where})"


def layers() -> list[list[str]]:
    """Those of the import contract, the highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = (each for each in contracts if each.get("containers") == ["evidentia"])
    return [layer.split(" | ") for layer in contract["layers"]]


def modules() -> list[Module]:
    """Of the package: what stands in one of its layers."""
    parts = [part for layer in layers() for part in layer]
    paths = [ROOT / f"{part}.py" if (ROOT / f"{part}.py").exists() else ROOT / part for part in parts]
    files = (file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py"))))
    return [Module(file.relative_to(ROOT), file.read_text(encoding="utf-8")) for file in files]


def functions(found: Iterable[Module]) -> Iterator[Place]:
    for module in found:
        for node in module.nodes:
            if isinstance(node, FUNCTIONS):
                yield Place(node.name, f"{module.path}:{node.lineno}")


def participles(found: Iterable[Module]) -> list[Place]:
    """Functions and methods whose name is a participle and nothing else."""
    return [
        place
        for place in functions(found)
        if PARTICIPLE.fullmatch(name := place.name.strip("_")) and name not in NO_PARTICIPLE
    ]


def repeated_classes(found: Iterable[Module]) -> dict[str, list[str]]:
    """Public class names that stand twice or more, with their places."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in found:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{module.path}:{node.lineno}")
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def long_calls(found: Iterable[Module]) -> list[Place]:
    """Calls with more than ``MOST_BY_PLACE`` arguments that only their place names."""
    return [
        Place(ast.unparse(node.func), f"{module.path}:{node.lineno}")
        for module in found
        for node in module.nodes
        if isinstance(node, ast.Call)
        and sum(not isinstance(argument, ast.Starred) for argument in node.args) > MOST_BY_PLACE
    ]


def without_subject(found: Iterable[Module]) -> list[Place]:
    """Docstrings that begin with a preposition."""
    return [
        Place(getattr(node, "name", "module"), f"{module.path}:{getattr(node, 'lineno', 1)}")
        for module in found
        for node in module.nodes
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Module)) and NO_SUBJECT.match(ast.get_docstring(node) or "")
    ]


def one_caller_helpers(found: Iterable[Module]) -> list[Place]:
    """Private functions and methods that their module names in one place besides their definition."""
    helpers: list[Place] = []
    for module in found:
        uses = Counter(node.id for node in module.nodes if isinstance(node, ast.Name))
        uses.update(node.attr for node in module.nodes if isinstance(node, ast.Attribute))
        helpers += [
            Place(node.name, f"{module.path}:{node.lineno}")
            for node in module.nodes
            if isinstance(node, FUNCTIONS) and re.match("_[a-z]", node.name) and uses[node.name] == 1
        ]
    return helpers


def handmade_registries(found: Iterable[Module]) -> list[Place]:
    """Modules that import a module by a name which they compute, without the one ``Registry``."""
    return [
        Place(module.part, f"{module.path}:{node.lineno}")
        for module in found
        if module.path != Path("registry.py")
        for node in module.nodes
        if isinstance(node, ast.Call)
        and (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")) == "import_module"
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]


def arrows(found: Iterable[Module]) -> set[tuple[str, str]]:
    """Which part at the root imports which other, wherever the import stands."""
    parts = {part for layer in layers() for part in layer}
    pairs: set[tuple[str, str]] = set()
    for module in found:
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.level:
                above = module.path.parts[: -node.level]
                targets = [*above, *(node.module or "").split(".")] if node.module else list(above)
                names = [targets[0]] if targets else [alias.name for alias in node.names]
                pairs.update((module.part, name) for name in names if name in parts and name != module.part)
    return pairs


def figures() -> dict[str, float]:
    found = modules()
    lines = sum(module.text.count("\n") for module in found)
    height = {part: -at for at, layer in enumerate(layers()) for part in layer}
    pairs = arrows(found)
    return {
        "files": len(found),
        "lines": lines,
        "files above 400 lines": sum(module.text.count("\n") > 400 for module in found),
        "functions": sum(1 for _ in functions(found)),
        "one-caller helpers per 1,000 lines": round(1000 * len(one_caller_helpers(found)) / lines, 1),
        "hand-made registries": len(handmade_registries(found)),
        "public class names that stand twice": len(repeated_classes(found)),
        "functions named by a participle alone": len(participles(found)),
        "arrows of the ground plan": len(pairs),
        "arrows that point upwards": sum(height[start] < height[end] for start, end in pairs),
        "lines of retrieval/": sum(module.text.count("\n") for module in found if module.part == "retrieval"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", action="store_true", help="print what is counted, too")
    for name, value in figures().items():
        print(f"{value:>9,}  {name}")
    if parser.parse_args().names:
        found = modules()
        print("\nPublic class names that stand twice")
        for name, places in repeated_classes(found).items():
            print(f"  {name}: {', '.join(places)}")
        lists = {"Participles": participles(found), "Hand-made registries": handmade_registries(found)}
        for title, places_of in lists.items():
            print(f"\n{title}")
            for place in places_of:
                print(f"  {place}")


if __name__ == "__main__":
    main()
