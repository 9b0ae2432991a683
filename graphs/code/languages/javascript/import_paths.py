"""What an import of JavaScript or TypeScript means, and which names are the language's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any

from ...resolution.values import Meaning, Unit, Value

if TYPE_CHECKING:
    from ...resolution.program import Program

_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs")
_WRITTEN = re.compile(r"\.([mc]?)jsx?$")
_COMMENT = re.compile(r"\"(?:\\\\.|[^\"\\\\])*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_BUILT = re.compile(r"(^|/)(?:dist|build|lib|out|es|esm|cjs)(?:/(?:cjs|esm|es|types|src))?/")
_ENTRIES = ("source", "types", "typings", "module", "main", "browser")
_CONDITIONS = ("source", "import", "module", "default", "types", "require", "node", "browser")


@dataclass(frozen=True, slots=True)
class _Projects:
    packages: Mapping[str, tuple[str, Mapping[str, Any]]]
    """Name -> folder and ``package.json``."""
    folders: Mapping[str, Mapping[str, Any]]
    """Folder -> its ``package.json``."""
    settings: Mapping[str, Mapping[str, Any]]
    """Folder -> ``compilerOptions`` of its ``tsconfig.json``."""


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    written = path.replace("|", ".").replace(";", ":")
    if written.startswith("/"):
        none: dict[str, Unit | None] = {}
        files = program.once("files", none.copy, none)
        if written not in files:
            files[written] = _file(program, written[1:])
        return files[written], True
    projects = program.once("projects", lambda: _projects(program), _Projects({}, {}, {}))
    for candidate in (*_by_settings(projects, unit, written), *_by_package(projects, written)):
        if (found := _file(program, candidate)) is not None:
            return found, True
    return None, True


def missing(program: Program, unit: Unit, name: str) -> Meaning | None:
    """CommonJS and ECMAScript modules see each other: the default of a module without one is the module itself, and the
    members of a default that is an object are the module's."""
    if name == "default":
        return Meaning((Value("module", unit.id),), True)
    default = program.lookup(unit, "default")
    if default is None or default.values[0].kind != "symbol":
        return None
    found = program.attribute(name, default.values[0])
    return found if found.values[0].kind == "symbol" else None


def _file(program: Program, path: str) -> Unit | None:
    path = normpath(path)
    found = program.files.get(path)
    if found is not None:
        return found
    if (
        plain := _WRITTEN.sub("", path) if _WRITTEN.search(path) else ""
    ):  # TypeScript writes the suffix of what it makes
        for suffix in _SUFFIXES:
            if (found := program.files.get(plain + suffix)) is not None:
                return found
    for suffix in _SUFFIXES:
        if (found := program.files.get(path + suffix)) is not None:
            return found
    projects = program.once("projects", lambda: _projects(program), _Projects({}, {}, {}))
    entries = [join(path, entry) for entry in _entry_files(projects.folders.get(path, {}))]
    for candidate in (*entries, join(path, "index")):
        for suffix in ("", *_SUFFIXES):
            if (found := program.files.get(normpath(candidate) + suffix)) is not None:
                return found
    return None


def _projects(program: Program) -> _Projects:
    packages: dict[str, tuple[str, Mapping[str, Any]]] = {}
    folders: dict[str, Mapping[str, Any]] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    for path, text in program.projects.items():
        name = path.rpartition("/")[2]
        if name not in ("package.json", "jsconfig.json") and not name.startswith("tsconfig"):
            continue
        value = _parse_json(text)
        if name == "package.json":
            folders[dirname(path)] = value
            if isinstance(value.get("name"), str):
                packages.setdefault(value["name"], (dirname(path), value))
        elif isinstance(value.get("compilerOptions"), dict):
            settings.setdefault(dirname(path), value["compilerOptions"])
    return _Projects(packages, folders, settings)


def _parse_json(text: str) -> Mapping[str, Any]:
    """JSON, with the comments and last commas that TypeScript allows."""
    plain = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else "", text)
    try:
        value = json.loads(re.sub(r",(\s*[}\]])", r"\1", plain))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _by_settings(projects: _Projects, unit: Unit, written: str) -> Iterator[str]:
    """``paths`` and ``baseUrl`` of the nearest settings above the file, and ``imports`` of its package."""
    folder = dirname(unit.path)
    while True:
        options = projects.settings.get(folder)
        if options is not None:
            base = join(folder, str(options.get("baseUrl", ".")))
            paths = options.get("paths")
            for pattern, targets in paths.items() if isinstance(paths, dict) else ():
                yield from (join(base, target) for target in _fill_pattern(pattern, targets, written))
            if "baseUrl" in options:
                yield join(base, written)
        imports = projects.folders.get(folder, {}).get("imports")
        if written.startswith("#") and isinstance(imports, dict):
            for pattern, target in imports.items():
                yield from (join(folder, each) for each in _fill_pattern(pattern, list(_targets(target)), written))
        if not folder:
            return
        folder = dirname(folder)


def _fill_pattern(pattern: str, targets: object, written: str) -> Iterator[str]:
    before, star, after = pattern.partition("*")
    if not (written.startswith(before) and written.endswith(after) if star else written == pattern):
        return
    middle = written[len(before) : len(written) - len(after)] if star else ""
    for target in targets if isinstance(targets, list) else [targets]:
        if isinstance(target, str):
            yield target.replace("*", middle)


def _by_package(projects: _Projects, written: str) -> Iterator[str]:
    """A package of the library, by the longest name that fits."""
    parts = written.split("/")
    for length in (2, 1):
        found = projects.packages.get("/".join(parts[:length]))
        if found is None or length > len(parts):
            continue
        folder, package = found
        rest = "/".join(parts[length:])
        exports = package.get("exports")
        if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
            for pattern, target in exports.items():
                for each in _fill_pattern(str(pattern), list(_targets(target)), f"./{rest}" if rest else "."):
                    yield from _before_build(folder, each)
        elif exports is not None and not rest:
            for each in _targets(exports):
                yield from _before_build(folder, each)
        if rest:
            yield from (join(folder, rest), join(folder, "src", rest))
        else:
            for entry in _entry_files(package):
                yield from _before_build(folder, entry)
            yield from (join(folder, "src/index"), join(folder, "index"))


def _targets(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < 4:
        for condition in _CONDITIONS:
            yield from _targets(value.get(condition), depth + 1)


def _before_build(folder: str, entry: str) -> Iterator[str]:
    """The file that is named, or the source that it is built from."""
    yield join(folder, entry)
    plain = re.sub(r"(?:\.d)?\.[mc]?[jt]sx?$", "", entry)
    if _BUILT.search(entry):
        yield join(folder, _BUILT.sub(r"\1src/", plain, count=1))


def _entry_files(package: Mapping[str, Any]) -> Iterator[str]:
    for key in _ENTRIES:
        if isinstance(package.get(key), str):
            yield package[key]


BUILTINS = frozenset(
    """
    Array ArrayBuffer Atomics BigInt Boolean DataView Date Error EvalError Float32Array Float64Array Function Infinity
    Int16Array Int32Array Int8Array Intl JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect
    RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet AggregateError FinalizationRegistry arguments decodeURI decodeURIComponent
    encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape console
    clearInterval clearTimeout setInterval setTimeout setImmediate clearImmediate queueMicrotask structuredClone fetch
    require module exports process Buffer global __dirname __filename window document navigator location self top
    localStorage sessionStorage history alert confirm prompt requestAnimationFrame cancelAnimationFrame
    URL URLSearchParams Blob File FileReader FormData Headers Request Response AbortController AbortSignal Event
    EventTarget CustomEvent TextEncoder TextDecoder WebSocket XMLHttpRequest Worker crypto performance atob btoa
    ReadableStream WritableStream TransformStream MutationObserver IntersectionObserver ResizeObserver HTMLElement
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes
    indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString
    toString unshift values with toReversed toSorted toSpliced length
    charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart repeat replace
    replaceAll search split startsWith substr substring toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase trim
    trimEnd trimStart trimLeft trimRight
    add clear delete get has set size
    then catch finally
    apply bind call
    hasOwnProperty isPrototypeOf propertyIsEnumerable valueOf constructor
    exec test compile
    toFixed toPrecision toExponential
    getTime getDate getDay getFullYear getHours getMinutes getMonth getSeconds toISOString toJSON setTime
    next return throw
    log warn error info debug
    addEventListener removeEventListener dispatchEvent appendChild removeChild getAttribute setAttribute querySelector
    querySelectorAll getElementById preventDefault stopPropagation
    """.split()  # noqa: SIM905
)
"""Of the language's own types and the browser's elements."""
