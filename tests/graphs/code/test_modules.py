"""The dotted name of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.graphs.code.modules import module_name


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pkg/__init__.py", "pkg"),
        ("pkg/sub/m.py", "pkg.sub.m"),
        ("tools/run.py", "tools.run"),
        ("src/other/m.py", "other.m"),
        ("my-tool/a.b.py", "my_tool.a_b"),
        ("setup.py", "setup"),
    ],
)
def test_a_package_starts_where_the_init_files_start(tmp_path: Path, name: str, expected: str) -> None:
    touch(tmp_path, "pkg/__init__.py", "pkg/sub/__init__.py", name)
    assert module_name(tmp_path / name, tmp_path) == expected


def test_a_package_that_is_itself_the_added_folder_keeps_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "pkg/__init__.py", "pkg/m.py")
    assert module_name(tmp_path / "pkg/m.py", tmp_path / "pkg") == "pkg.m"


def test_package_dir_renames_the_root_folder(tmp_path: Path) -> None:
    touch(tmp_path, "__init__.py", "graphs/__init__.py", "graphs/base.py", "tests/test_a.py")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.setuptools]\npackages = ["evidentia", "evidentia.graphs"]\npackage-dir = { evidentia = "." }\n'
    )
    names = ["__init__.py", "graphs/__init__.py", "graphs/base.py", "tests/test_a.py"]
    assert [module_name(tmp_path / name, tmp_path) for name in names] == [
        "evidentia",
        "evidentia.graphs",
        "evidentia.graphs.base",
        "tests.test_a",
    ]


def test_package_dir_with_an_empty_name_is_the_source_folder(tmp_path: Path) -> None:
    touch(tmp_path, "lib/space/m.py")
    (tmp_path / "pyproject.toml").write_text('[tool.setuptools]\npackage-dir = { "" = "lib" }\n')
    assert module_name(tmp_path / "lib/space/m.py", tmp_path) == "space.m"


def test_an_edited_project_file_is_read_again(tmp_path: Path) -> None:
    touch(tmp_path, "lib/m.py")
    assert module_name(tmp_path / "lib/m.py", tmp_path) == "lib.m"
    (tmp_path / "pyproject.toml").write_text('[tool.setuptools]\npackage-dir = { "" = "lib" }\n')
    assert module_name(tmp_path / "lib/m.py", tmp_path) == "m"


def test_a_broken_project_file_is_no_obstacle(tmp_path: Path) -> None:
    touch(tmp_path, "m.py")
    (tmp_path / "pyproject.toml").write_text("[tool")
    assert module_name(tmp_path / "m.py", tmp_path) == "m"


def test_a_file_that_was_added_alone_is_named_by_itself(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("")
    assert module_name(tmp_path / "tool.py", tmp_path / "tool.py") == "tool"
