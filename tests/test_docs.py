"""The pages are true where a program can tell: links lead somewhere, and commands are ones that the command line has."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer.main

import evidentia
from evidentia.agents.answer import Step
from evidentia.cli.main import app
from evidentia.corpus import permissions
from evidentia.library import LEARNT
from evidentia.retrieval.ngram.kinds import WORDS
from evidentia.retrieval.seal.tokens import Views
from evidentia.scripts import house

ROOT = Path(evidentia.__file__).parent
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "reference" not in page.parts),
    *(ROOT / folder / "README.md" for folder in ("benchmarks", "examples", "training")),
]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
PROGRAM = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?((?:[A-Z_]+=\S+ )*evidentia .*(?:\\\n.*)*)$", re.MULTILINE)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each command for ``evidentia`` in the blocks of a page, without what the shell does with them."""
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for found in COMMAND.findall(block):
            lexer = shlex.shlex(found.replace("\\\n", " "), posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words = [*lexer]
            words = words[words.index("evidentia") + 1 :]
            yield words[: next((at for at, word in enumerate(words) if word[0] in "|&;<>()"), None)]


def parse(words: list[str]) -> None:
    """Raises the command line's own error for a command or option that it has not."""
    command, context = typer.main.get_command(app), None
    while True:
        context = command.make_context(command.name or "evidentia", [*words], parent=context)
        if not hasattr(command, "resolve_command"):
            return
        words = [*context._protected_args, *context.args]
        _, command, words = command.resolve_command(context, words)


@pytest.mark.parametrize("page", [page for page in PAGES if any(commands(page))], ids=name_of)
def test_every_command_of_a_page_is_one_that_there_is(page: Path) -> None:
    for words in commands(page):
        is_usage = any(word.startswith("[") for word in words)
        if words and not is_usage and not {"-h", "--help", "--version"} & {*words}:
            try:
                parse(words)
            except Exception as error:  # noqa: BLE001  (the kinds belong to a library of the command line's)
                pytest.fail(f"evidentia {shlex.join(words)}: {getattr(error, 'message', error)}")


def programs(page: Path) -> list[ast.Module]:
    return [ast.parse(block) for block in PROGRAM.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")], ids=name_of
)
def test_a_program_of_a_page_uses_what_there_is(page: Path) -> None:
    for program in programs(page):
        scope: dict[str, Any] = {}
        for node in ast.walk(program):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evidentia"):
                exec(compile(ast.Module([node], []), name_of(page), "exec"), scope)
        for node in ast.walk(program):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in scope:
                assert hasattr(scope[node.value.id], node.attr), ast.unparse(node)


def derived_kinds() -> set[str]:
    """The kinds of derived things: those of ``DerivedArrays`` and of n-gram indexes are arguments, others a name in
    their class."""
    found = {WORDS.name, Views.name}
    for module in house.modules():
        for node in module.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "DerivedArrays":
                found.add(ast.literal_eval(node.args[0]))
            if isinstance(node, ast.ClassDef) and any("Derived[" in ast.unparse(base) for base in node.bases):
                values = [
                    one for one in node.body if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "kind"
                ]
                found |= {ast.literal_eval(one.value) for one in values}
    return found


@pytest.mark.parametrize("page", ["design.md", "library.md"])
def test_what_lies_on_disk_is_all_told(page: str) -> None:
    told = next(fence for fence in FENCE.findall((ROOT / "docs" / page).read_text("utf-8")) if "library.db" in fence)
    lying = derived_kinds() | {LEARNT, *(f"{folder}/" for folder in permissions.FOLDERS)}
    assert {"dense", "ngram", "seal", "structure", "tables"} <= lying
    assert {name for name in lying if name not in told} == set()


def test_the_design_names_each_registry_that_stands_in_no_init_file() -> None:
    design = (ROOT / "docs" / "design.md").read_text("utf-8")
    for module in house.modules():
        calls = [node for node in module.nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "Registry"]
        if calls and module.path.name != "__init__.py":
            assert f"`{module.path}`" in design


def test_every_step_of_a_trace_is_told_where_a_step_is_described() -> None:
    named = {
        str(node.args[0].value)
        for module in house.modules()
        for node in module.nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "trace.step"
        if isinstance(node.args[0], ast.Constant)
    }
    assert {"route", "write"} <= named
    assert {name for name in named if not re.search(rf"\b{name}\b", Step.__doc__ or "")} == set()
