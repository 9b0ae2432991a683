"""Expressions as the walk records them: calls, mentions, and what each expression can stand for (see ``facts``)."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...expressions import SUPER, Expression, any_of, member_of, to_import, to_self
from ...facts import CALL, IMPORT, LOAD
from ...recorder import Lines
from . import routes
from .annotations import held_by
from .scopes import BUILTINS, Bound, PythonScope, target_names
from .signatures import dotted_name

if TYPE_CHECKING:
    from .walker import Walker

_FOLLOWED = frozenset(
    """
    map filter sorted min max sum next iter list tuple set frozenset dict reversed enumerate zip type eval exec
    getattr setattr vars globals locals __import__ super property staticmethod classmethod any all
    """.split()  # noqa: SIM905
)
"""Builtins whose calls are recorded: something of the library can go through them."""
_PROTOCOLS = {
    name: f"__{name}__"
    for name in [
        "len",
        "str",
        "repr",
        "bool",
        "int",
        "float",
        "abs",
        "hash",
        "iter",
        "next",
        "reversed",
        "round",
        "bytes",
        "format",
    ]
}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or",
    ast.BitAnd: "and", ast.BitXor: "xor", ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt",
    ast.GtE: "ge", ast.In: "contains", ast.NotIn: "contains", ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert",
}  # fmt: skip
_POSITIONS = 8
"""Elements of a literal that are known by their position; the others only as elements."""


def name(walker: Walker, node: ast.Name) -> Expression:
    return walker.mention(LOAD, node)


def attribute(walker: Walker, node: ast.Attribute) -> Expression:
    return walker.mention(LOAD, node)


def lines_of(node: ast.AST) -> Lines:
    return node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]


def call(walker: Walker, node: ast.Call) -> Expression:
    func = node.func
    plain = func.id if isinstance(func, ast.Name) else ""
    if plain == "super" and (home := walker.scope.home()):
        for item in node.args:
            walker.expression(item)
        return to_self(home, SUPER)
    if plain in BUILTINS and not walker.is_bound(plain):
        special = _BUILTIN_CALLS.get(plain)
        if special is not None and len(node.args) >= special[0]:
            return special[1](walker, node)
        if plain not in _FOLLOWED:
            return _protocol_call(walker, node, plain)
    target = walker.callee(func)
    imported = _import_name(func, node)
    arguments = [_argument(walker, item) for item in node.args]
    if imported:
        arguments[0] = ["k", imported]
    keywords = [(item.arg or "", walker.expression(item.value)) for item in node.keywords]
    result = walker.call(CALL, func.end_lineno or node.lineno, target, arguments, keywords)
    routes.read_call(walker, node)
    if imported:
        path = imported.replace(".", "/")
        walker.refer(IMPORT, to_import(path), node.lineno, 0)
        return to_import(path.partition("/")[0] if plain == "__import__" else path)
    if len(node.args) == 2 and isinstance(target, str) and dotted_name(func).rpartition(".")[2] == "cast":
        return held_by(walker, node.args[0])
    return result


def _import_name(func: ast.expr, node: ast.Call) -> str:
    """The module that ``import_module("a.b")`` names; empty for every other call, and for a relative name."""
    first = node.args[0] if node.args and dotted_name(func) in _IMPORTING else None
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return text if all(part.isidentifier() for part in text.split(".")) else ""


_IMPORTING = ("__import__", "import_module", "importlib.import_module")


def _argument(walker: Walker, node: ast.expr) -> Expression:
    return ["s", walker.expression(node.value)] if isinstance(node, ast.Starred) else walker.expression(node)


def _protocol_call(walker: Walker, node: ast.Call, plain: str) -> Expression:
    """``len(x)`` and its like call a method of what they get."""
    values = [_argument(walker, item) for item in node.args]
    for item in node.keywords:
        walker.expression(item.value)
    if plain in _PROTOCOLS and values:
        walker.protocol(values[0], _PROTOCOLS[plain], node.lineno)
    return ""


def _getattr(walker: Walker, node: ast.Call) -> Expression:
    base, attr = walker.expression(node.args[0]), node.args[1]
    rest = [walker.expression(item) for item in node.args[2:]]
    if isinstance(attr, ast.Constant) and isinstance(attr.value, str) and attr.value.isidentifier():
        value = member_of(base, attr.value)
        walker.refer(LOAD, value, node.lineno)
        return any_of([value, *rest])
    walker.expression(attr)
    return ["?", base, _prefix(attr), _TYPE_NAME in ast.dump(attr)]


_TYPE_NAME = "attr='__name__'"


def _prefix(node: ast.expr) -> str:
    """What a computed name surely begins with."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    elif isinstance(node, ast.BinOp):
        node = node.left
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    text = text.partition("%")[0].partition("{")[0]
    return text if text.isidentifier() else ""


def _setattr(walker: Walker, node: ast.Call) -> Expression:
    base, attr, value = walker.expression(node.args[0]), node.args[1], walker.expression(node.args[2])
    if isinstance(attr, ast.Constant) and isinstance(attr.value, str) and attr.value.isidentifier():
        walker.store(base, attr.value, value, lines_of(node))
    else:
        walker.expression(attr)
    return ""


_BUILTIN_CALLS: dict[str, tuple[int, Callable[[Walker, ast.Call], Expression]]] = {
    "getattr": (2, _getattr),
    "setattr": (3, _setattr),
}


def subscript(walker: Walker, node: ast.Subscript) -> Expression:
    base = walker.expression(node.value)
    walker.expression(node.slice)
    walker.protocol(base, "__getitem__", node.lineno)
    if isinstance(node.slice, ast.Slice):
        return base
    return ["[", base, key_of(node.slice)] if base not in ("", "*") else base


def key_of(node: ast.expr) -> str:
    """Text of a constant key; empty for one that is computed."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return ""
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)) else ""


def binary(walker: Walker, node: ast.BinOp) -> Expression:
    """Long sums lean to the left, deeper than Python may recurse."""
    left: ast.expr = node
    chain = []
    while isinstance(left, ast.BinOp):
        chain.append(left)
        left = left.left
    value = walker.expression(left)
    for item in reversed(chain):
        right, operator = walker.expression(item.right), _OPERATORS[type(item.op)]
        if value == "":
            value = walker.protocol(right, f"__r{operator}__", item.lineno)
        else:
            result = walker.protocol(value, f"__{operator}__", item.lineno)
            value = any_of(
                [part for part in (result, value, right) if isinstance(part, list) and part[0] == "b"] or [result]
            )
    return value


def unary(walker: Walker, node: ast.UnaryOp) -> Expression:
    value = walker.expression(node.operand)
    if isinstance(node.op, ast.Not):
        return ""
    return walker.protocol(value, f"__{_OPERATORS[type(node.op)]}__", node.lineno)


def compare(walker: Walker, node: ast.Compare) -> Expression:
    left = walker.expression(node.left)
    for operator, item in zip(node.ops, node.comparators, strict=True):
        right = walker.expression(item)
        if type(operator) in _OPERATORS:
            inside = isinstance(operator, (ast.In, ast.NotIn))
            walker.protocol(right if inside else left, f"__{_OPERATORS[type(operator)]}__", node.lineno)
        left = right
    return ""


def choice(walker: Walker, node: ast.BoolOp) -> Expression:
    values, outer = [], walker.snapshot()
    for item in node.values:
        values.append(walker.expression(item))
        if isinstance(node.op, ast.And):
            walker.narrow(item)
    walker.scope.current = outer | {k: v for k, v in walker.scope.current.items() if k not in outer}
    return any_of(values)


def conditional(walker: Walker, node: ast.IfExp) -> Expression:
    walker.expression(node.test)
    outer = walker.snapshot()
    walker.narrow(node.test)
    body = walker.expression(node.body)
    walker.scope.current = outer
    return any_of([body, walker.expression(node.orelse)])


def literal(walker: Walker, node: ast.List | ast.Tuple | ast.Set) -> Expression:
    values = [_argument(walker, item) for item in node.elts]
    if values and not any(values):
        return ""
    starred = any(isinstance(item, ast.Starred) for item in node.elts)
    plain = [["*", value[1]] if isinstance(value, list) and value[0] == "s" else value for value in values]
    return walker.box("[", () if starred else plain[:_POSITIONS], plain)


def mapping(walker: Walker, node: ast.Dict) -> Expression:
    keys = [walker.expression(key) if key else "" for key in node.keys]
    values = [walker.expression(value) for value in node.values]
    inside = [value if key else ["*v", value] for key, value in zip(node.keys, values, strict=True)]
    box = walker.box("{", (), [value for value in inside if value])
    for key, value in zip(node.keys, inside, strict=True):
        if key is not None and value and (text := key_of(key)):
            walker.flow(f"{box[1]}[{text}", value)
    for key_value in keys:
        if key_value:
            walker.flow(f"{box[1]}{{", key_value)
    return box


def lambda_(walker: Walker, node: ast.Lambda) -> Expression:
    from .definitions import bind_parameters, parameter_names

    number = walker.number()
    scope = PythonScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"<{number}>:")
    walker.facts.lambdas[f"<{number}>"] = parameter_names(node.args)
    bind_parameters(walker, scope, node.args)
    with walker.inside(scope):
        walker.flow(f"<{number}>()", walker.expression(node.body))
    return ["l", f"<{number}>"]


def comprehension(walker: Walker, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Expression:
    from .bindings import iterate

    first, *others = node.generators
    scope = PythonScope("comprehension", walker.scope, walker.scope.owner, walker.scope.path, f"<{walker.number()}>:")
    for generator in node.generators:
        scope.bound.update((name, Bound(1)) for name in target_names(generator.target))
    source = walker.expression(first.iter)
    with walker.inside(scope):
        iterate(walker, first.target, first.iter, source, first.iter.lineno)
        for test in first.ifs:
            walker.expression(test)
            walker.narrow(test)
        for generator in others:
            iterate(walker, generator.target, generator.iter, walker.expression(generator.iter), generator.iter.lineno)
            for test in generator.ifs:
                walker.expression(test)
        if isinstance(node, ast.DictComp):
            key, value = walker.expression(node.key), walker.expression(node.value)
            box = walker.box("{", (), [value])
            walker.flow(f"{box[1]}{{", key)
            return box
        return walker.box("[", (), [walker.expression(node.elt)])


def walrus(walker: Walker, node: ast.NamedExpr) -> Expression:
    """Binds in the function around a comprehension, not in the comprehension."""
    from .bindings import bind_name

    value, inner = walker.expression(node.value), walker.scope
    while walker.scope.kind == "comprehension" and walker.scope.parent:
        walker.scope = walker.scope.parent
    bind_name(walker, node.target, value)
    walker.scope = inner
    return walker.resolve(node.target.id) if inner is walker.scope else value


def _mark_generator(walker: Walker) -> None:
    symbol = walker.facts.symbols[walker.scope.owner]
    if symbol.path == walker.function and "generator" not in symbol.flags:
        symbol.flags = (*symbol.flags, "generator")


def yield_(walker: Walker, node: ast.Yield) -> Expression:
    _mark_generator(walker)
    walker.flow(f"{walker.function}*", walker.expression(node.value) if node.value else "")
    return "*"


def yield_from(walker: Walker, node: ast.YieldFrom) -> Expression:
    value = walker.expression(node.value)
    _mark_generator(walker)
    walker.protocol(value, "__iter__", node.lineno)
    walker.flow(f"{walker.function}*", ["*", value])
    return "*"


def await_(walker: Walker, node: ast.Await) -> Expression:
    return walker.expression(node.value)


def star(walker: Walker, node: ast.Starred) -> Expression:
    return walker.expression(node.value)


def constant(walker: Walker, node: ast.Constant) -> Expression:
    return ""


def text(walker: Walker, node: ast.JoinedStr) -> Expression:
    walker.children(node)
    return ""


EXPRESSIONS: dict[type[ast.AST], Callable[[Walker, Any], Expression]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.Call: call,
    ast.Subscript: subscript,
    ast.BinOp: binary,
    ast.UnaryOp: unary,
    ast.Compare: compare,
    ast.BoolOp: choice,
    ast.IfExp: conditional,
    ast.List: literal,
    ast.Tuple: literal,
    ast.Set: literal,
    ast.Dict: mapping,
    ast.Lambda: lambda_,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: comprehension,
    ast.NamedExpr: walrus,
    ast.Yield: yield_,
    ast.YieldFrom: yield_from,
    ast.Await: await_,
    ast.Starred: star,
    ast.JoinedStr: text,
}
