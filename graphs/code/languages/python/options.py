"""What configuration a file of Python takes: environment variables, options of the command line, settings.

Read from the text alone: ``os.environ`` and ``os.getenv``, argparse, click, typer, pydantic's settings.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..language import ENVIRONMENT, OPTION, SETTING, ProgramOption
from .reader import parse_part

_ENVIRON, _GETENV, _SETTINGS = "os.environ", "os.getenv", "BaseSettings"
_READING = ("get", "pop", "setdefault", "__getitem__")
_COMMANDS = {"click": ("option", "argument"), "typer": ("Option", "Argument"), "rich_click": ("option", "argument")}
_DEFAULT = 60
"""Characters of a default that are shown."""


def options(text: str) -> list[ProgramOption]:
    """The options in the order of the text; of a text with syntax errors, those of what parses."""
    try:
        tree = parse_part(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    file = _File(_imports(tree), _constants(tree))
    return sorted(dict.fromkeys(_all(tree, file)), key=lambda each: (each.line, each.name))


@dataclass(frozen=True, slots=True)
class _File:
    imports: Mapping[str, str]
    """Name -> what it is imported from, dotted."""
    constants: Mapping[str, str]
    """Texts that names of the module are bound to."""
    settings: set[str] = field(default_factory=set)
    """Classes of settings."""

    def full(self, node: ast.expr) -> str:
        """``environ.get`` as ``os.environ.get`` where it is imported so."""
        tail: list[str] = []
        while isinstance(node, ast.Attribute):
            tail.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.imports.get(node.id, node.id), *reversed(tail)])

    def text(self, node: ast.expr | None) -> str:
        """A text that is written out; a star stands for what is computed."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        if isinstance(node, ast.Name):
            return self.constants.get(node.id, "*")
        if isinstance(node, ast.JoinedStr):
            return "".join(self.text(part) if isinstance(part, ast.Constant) else "*" for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return f"{self.text(node.left)}{self.text(node.right)}"
        return "*"


def _imports(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _all(tree: ast.Module, file: _File) -> Iterator[ProgramOption]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and file.full(node.value) == _ENVIRON:
            yield ProgramOption(ENVIRONMENT, file.text(node.slice), node.lineno, "must be set")
        elif isinstance(node, ast.Compare) and any(file.full(each) == _ENVIRON for each in node.comparators):
            yield ProgramOption(ENVIRONMENT, file.text(node.left), node.lineno)
        elif isinstance(node, ast.Call):
            yield from _from_call(node, file)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _parameters(node, file)
        elif isinstance(node, ast.ClassDef) and _is_settings(node, file):
            file.settings.add(node.name)
            yield from _settings(node, file)


def _from_call(node: ast.Call, file: _File) -> Iterator[ProgramOption]:
    name = file.full(node.func)
    of, _, last = name.rpartition(".")
    if node.args and (name == _GETENV or (of == _ENVIRON and last in _READING)):
        default = node.args[1] if len(node.args) > 1 else _keyword(node, "default")
        yield ProgramOption(ENVIRONMENT, file.text(node.args[0]), node.lineno, _default(default))
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument" and node.args:
        if written := _flags(node, file):
            required = _keyword(node, "required")
            must = isinstance(required, ast.Constant) and required.value is True
            yield ProgramOption(OPTION, written, node.lineno, "must be given" if must else _default_of(node))
    elif last in _COMMANDS.get(of, ()) and of != "typer" and (written := _flags(node, file)):
        yield ProgramOption(OPTION, written, node.lineno, _default_of(node))
        yield from _variables(node, file)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef, file: _File) -> Iterator[ProgramOption]:
    """What typer makes of parameters."""
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(node.args.defaults)), *node.args.defaults]
    pairs = [*zip(plain, defaults, strict=True), *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)]
    for parameter, default in pairs:
        for found in filter(None, (_typer_call(default, file), _typer_call(parameter.annotation, file))):
            is_option = file.full(found.func).endswith("Option")
            spelled = parameter.arg.replace("_", "-")
            written = _flags(found, file, after=found is default) or (f"--{spelled}" if is_option else spelled)
            first = found.args[0] if found is default and found.args else default if found is not default else None
            yield ProgramOption(OPTION, written, parameter.lineno, _default(first or _keyword(found, "default")))
            yield from _variables(found, file)


def _typer_call(node: ast.expr | None, file: _File) -> ast.Call | None:
    """``typer.Option(…)``, alone or in ``Annotated[…]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        return next((found for part in node.slice.elts[1:] if (found := _typer_call(part, file))), None)
    known = {f"typer.{name}" for name in _COMMANDS["typer"]}
    return node if isinstance(node, ast.Call) and file.full(node.func) in known else None


def _flags(node: ast.Call, file: _File, *, after: bool = False) -> str:
    """``--depth, -d`` or the name of what is given by place. ``after``: the first argument is the default."""
    written = [file.text(each) for each in node.args[1 if after else 0 :]]
    return ", ".join(each for each in written if each not in ("", "*"))


def _variables(node: ast.Call, file: _File) -> Iterator[ProgramOption]:
    """``envvar=``, which click and typer read where the option is not given."""
    given = _keyword(node, "envvar")
    for each in given.elts if isinstance(given, (ast.List, ast.Tuple)) else [given] if given is not None else []:
        yield ProgramOption(ENVIRONMENT, file.text(each), node.lineno)


def _is_settings(node: ast.ClassDef, file: _File) -> bool:
    bases = [file.full(base) for base in node.bases]
    return any(base.rpartition(".")[2] == _SETTINGS or base in file.settings for base in bases)


def _settings(node: ast.ClassDef, file: _File) -> Iterator[ProgramOption]:
    prefix = _prefix(node, file)
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name, value = statement.target.id, statement.value
        if name.startswith("_") or name == "model_config":
            continue
        alias = None
        if isinstance(value, ast.Call) and file.full(value.func).rpartition(".")[2] == "Field":
            alias = _keyword(value, "validation_alias") or _keyword(value, "alias") or _keyword(value, "env")
            value = value.args[0] if value.args else _keyword(value, "default")
        variable = file.text(alias) if alias is not None else f"{prefix}{name}".upper()
        note = ", ".join(filter(None, (f"environment variable {variable}", _default(value))))
        yield ProgramOption(SETTING, f"{node.name}.{name}", statement.lineno, note)


def _prefix(node: ast.ClassDef, file: _File) -> str:
    """``env_prefix`` of ``model_config`` or of the class ``Config``."""
    for statement in ast.walk(node):
        if isinstance(statement, ast.keyword) and statement.arg == "env_prefix":
            return file.text(statement.value)
        if isinstance(statement, ast.Assign) and "env_prefix" in map(file.full, statement.targets):
            return file.text(statement.value)
        if isinstance(statement, ast.Dict):
            for key, value in zip(statement.keys, statement.values, strict=True):
                if file.text(key) == "env_prefix":
                    return file.text(value)
    return ""


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in node.keywords if each.arg == name), None)


def _default_of(node: ast.Call) -> str:
    return _default(_keyword(node, "default"))


def _default(node: ast.expr | None) -> str:
    if node is None or (isinstance(node, ast.Constant) and node.value in (None, ...)):
        return ""
    text = ast.unparse(node)
    return f"default {text if len(text) <= _DEFAULT else text[: _DEFAULT - 1] + '…'}"
