"""Writes the API reference from signatures and docstrings, one page for each folder: ``python scripts/reference.py``.

Public is what neither begins with an underscore nor stands in a module that does. Nothing is imported: the pages say
what the text says. They are written to ``docs/reference/``, which is not kept in git.
"""

from __future__ import annotations

import argparse
import ast
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from evidentia.scripts.house import FUNCTIONS, ROOT, Module, modules

OUT = ROOT / "docs" / "reference"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT, help="the folder, which is made anew")
    out = parser.parse_args().out
    pages = reference()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages in {out}")


def reference() -> dict[str, str]:
    """The text of each page by its name."""
    folders: dict[str, list[Module]] = defaultdict(list)
    for module in modules():
        if not any(part.startswith("_") and part != "__init__.py" for part in module.path.parts):
            folders[".".join(("evidentia", *module.path.parts[:-1]))].append(module)
    pages = {f"{folder}.md": page(folder, found) for folder, found in sorted(folders.items())}
    links = (f"- [`{name.removesuffix('.md')}`]({name})" for name in pages)
    return {"README.md": "\n".join(["# Reference", "", *links, ""]), **pages}


def page(folder: str, found: list[Module]) -> str:
    lines = [f"# `{folder}`", ""]
    for module in found:
        own = module.path.stem == "__init__"
        if not own:
            lines += [f"## `{folder}.{module.path.stem}`", ""]
        lines += paragraphs(ast.get_docstring(module.tree))
        for node in module.tree.body:
            lines += entry(node, "###")
    return "\n".join(lines)


def entry(node: ast.stmt, level: str) -> Iterator[str]:
    """Heading, signature and docstring of a public class or function; nothing for anything else."""
    if not isinstance(node, (ast.ClassDef, *FUNCTIONS)) or node.name.startswith("_"):
        return
    yield f"{level} `{node.name}`"
    yield ""
    yield from ["```python", *signature(node), "```", ""]
    yield from paragraphs(ast.get_docstring(node))
    if isinstance(node, ast.ClassDef):
        yield from fields(node)
        for inner in node.body:
            yield from entry(inner, f"{level}#")


def signature(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield f"@{ast.unparse(decorator)}"
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, node.bases))
        yield f"class {node.name}({bases})" if bases else f"class {node.name}"
    else:
        word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        yield f"{word} {node.name}({ast.unparse(node.args)}){result}"


def fields(node: ast.ClassDef) -> Iterator[str]:
    """Annotated attributes, each with the text that stands below it."""
    for at, inner in enumerate(node.body):
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name) and inner.target.id[0] != "_":
            default = f" = {ast.unparse(inner.value)}" if inner.value else ""
            below = node.body[at + 1] if at + 1 < len(node.body) else None
            said = ""
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                said = f": {' '.join(str(below.value.value).split())}"
            yield f"- `{inner.target.id}: {ast.unparse(inner.annotation)}{default}`{said}"
    yield ""


def paragraphs(docstring: str | None) -> list[str]:
    """A docstring as Markdown: what it sets off by indentation becomes code as it is, ``code`` becomes `code`."""
    return [docstring.replace("``", "`"), ""] if docstring else []


if __name__ == "__main__":
    main()
