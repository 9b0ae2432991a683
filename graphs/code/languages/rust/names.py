"""What a path of Rust means, and which names are the language's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname
from typing import TYPE_CHECKING

from ...resolution.values import Unit

if TYPE_CHECKING:
    from ...resolution.program import Program

_NAME = re.compile(r"^\s*name\s*=\s*\"([^\"]+)\"", re.MULTILINE)
BUILTINS = frozenset(
    """
    Some None Ok Err Option Result Vec String Box ToString Iterator IntoIterator Default Clone Copy Debug Eq
    PartialEq Ord
    PartialOrd Hash From Into TryFrom TryInto AsRef AsMut Drop Fn FnMut FnOnce Send Sync Sized Extend
    DoubleEndedIterator
    ExactSizeIterator ToOwned println print eprintln eprint format write writeln vec panic assert assert_eq assert_ne
    debug_assert debug_assert_eq todo unimplemented unreachable matches include_str include_bytes env option_env concat
    stringify line file column cfg compile_error thread_local dbg drop str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128
    isize f32 f64 bool char std core alloc
    """.split()  # noqa: SIM905
)
SAME = frozenset(
    """
    unwrap expect unwrap_or unwrap_or_default unwrap_or_else as_ref as_mut as_deref as_deref_mut clone cloned copied
    borrow borrow_mut lock to_owned into iter iter_mut into_iter ok ok_or ok_or_else take deref deref_mut by_ref rev
    skip
    enumerate peekable get_mut read write await into_inner map_err context with_context
    """.split()  # noqa: SIM905
)
COMMON = SAME | frozenset(
    """
    len is_empty push pop insert remove get contains contains_key extend clear sort sort_by map filter fold collect find
    any all zip chain next last first nth count sum min max position flat_map filter_map for_each is_some is_none is_ok
    is_err and_then or_else or and to_string as_str as_bytes trim split starts_with ends_with replace parse chars bytes
    lines push_str to_lowercase to_uppercase fmt eq ne cmp partial_cmp hash default from drop entry or_insert keys
    values
    join send recv spawn display exists is_dir is_file file_name path to_path_buf as_path to_str to_string_lossy parent
    write_str write_all flush read_line name kind new build
    """.split()  # noqa: SIM905
)


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    written = path.replace("|", ".")
    if written.startswith("/"):
        return _file(program, written[1:]), True
    first, *rest = written.split("/")
    found: Unit | None = None
    if first == "crate":
        found = _root(program, unit)
    elif first == "self":
        found = unit
    elif first == "super":
        found = unit
        while first == "super" and found is not None:
            found, first = _parent(program, found), rest.pop(0) if rest and rest[0] == "super" else ""
    else:
        none: Mapping[str, str] = {}
        crates = program.once("crates", lambda: _crates(program), none)
        found = program.files.get(crates.get(first, ""))
        for place in (unit, _root(program, unit)) if found is None else ():  # a module of this one or of the root
            inside = program.lookup(place, first) if place is not None else None
            if inside is not None and inside.values[0].kind == "module":
                found = program.by_id[inside.values[0].id]
                break
    for name in rest:
        inner = program.lookup(found, name) if found is not None else None
        found = program.by_id[inner.values[0].id] if inner is not None and inner.values[0].kind == "module" else None
    return found, True


def _file(program: Program, path: str) -> Unit | None:
    beside = f"{dirname(dirname(path))}/{path.rpartition('/')[2]}".lstrip("/")  # of the file that a crate begins with
    names = (f"{path}.rs", f"{path}/mod.rs", f"{beside}.rs", f"{beside}/mod.rs")
    return next((program.files[name] for name in names if name in program.files), None)


def _root(program: Program, unit: Unit) -> Unit | None:
    """The file that its crate begins with: the nearest ``lib.rs`` or ``main.rs`` above; a test or example is its
    own."""
    folder = dirname(unit.path)
    while True:
        for name in ("lib.rs", "main.rs"):
            if (found := program.files.get(f"{folder}/{name}".lstrip("/"))) is not None:
                return found
        if not folder:
            return unit
        folder = dirname(folder)


def _parent(program: Program, unit: Unit) -> Unit | None:
    folder, _, last = unit.path.rpartition("/")
    home = dirname(folder) if last == "mod.rs" else folder
    for name in ("mod.rs", "lib.rs", "main.rs"):
        found = program.files.get(f"{home}/{name}".lstrip("/"))
        if found is not None and found is not unit:
            return found
    return program.files.get(f"{home}.rs")


def _crates(program: Program) -> Mapping[str, str]:
    """Name of a crate of the library -> its root file."""
    found = {}
    for path, text in program.projects.items():
        if path.rpartition("/")[2] == "Cargo.toml" and (match := _NAME.search(text)):
            folder = dirname(path)
            found[match[1].replace("-", "_")] = f"{folder}/src/lib.rs".lstrip("/")
    return found
