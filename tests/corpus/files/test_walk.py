"""The walk over a folder: what is found, what is passed over, and the reason that a user reads for it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia.corpus.files import Found, Skipped, read_safely, walk
from evidentia.errors import NotFoundError

Tree = Callable[[dict[str, str | bytes]], Path]
LIMIT = 1_000_000


def found(root: Path, limit: int = LIMIT) -> list[str]:
    return [entry.path.relative_to(root).as_posix() for entry in walk(root, limit) if isinstance(entry, Found)]


def skipped(root: Path, limit: int = LIMIT) -> dict[str, str]:
    entries = (entry for entry in walk(root, limit) if isinstance(entry, Skipped))
    return {entry.path.relative_to(root).as_posix(): entry.reason for entry in entries}


def test_files_come_by_name_and_before_the_folders_beside_them(tree: Tree) -> None:
    root = tree({"b.md": "b", "a/z.md": "z", "a/b/c.md": "c", "c.md": "c", "B.md": "B"})
    assert found(root) == ["B.md", "b.md", "c.md", "a/z.md", "a/b/c.md"]


def test_size_and_time_are_those_of_the_file(tree: Tree) -> None:
    root = tree({"a.md": "twelve bytes"})
    (entry,) = walk(root, LIMIT)
    assert entry == Found(root / "a.md", 12, (root / "a.md").stat().st_mtime_ns)


def test_a_single_file_is_its_own_root(tree: Tree) -> None:
    path = tree({"node_modules/only.md": "text"}) / "node_modules/only.md"
    assert [entry.path for entry in walk(path, LIMIT)] == [path]


def test_a_missing_root_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no such file or folder: .*nowhere\. Check the path\."):
        list(walk(tmp_path / "nowhere", LIMIT))


def test_an_empty_folder_and_an_empty_file_are_fine(tree: Tree) -> None:
    assert list(walk(tree({}), LIMIT)) == []
    assert found(tree({"pkg/__init__.py": ""})) == ["pkg/__init__.py"]


def test_a_file_above_the_limit_is_passed_over_with_both_sizes(tree: Tree) -> None:
    root = tree({"big.txt": b"x" * 1_500_000, "exact.txt": b"x" * 1_000_000, "small.txt": b"x" * 999})
    assert skipped(root) == {"big.txt": "1.5 MB, above the limit of 1.0 MB a file"}
    assert skipped(root, 998)["small.txt"] == "999 bytes, above the limit of 998 bytes a file"


@pytest.mark.parametrize("folder", ["node_modules", "vendor", "third_party", "venv", "site-packages"])
def test_a_folder_of_other_peoples_code_is_one_entry(tree: Tree, folder: str) -> None:
    root = tree({f"lib/{folder}/a/x.py": "x", f"lib/{folder}/y.py": "y", "main.py": "m"})
    assert skipped(root) == {f"lib/{folder}": "folder of other people's code"}
    assert found(root) == ["main.py"]


def test_a_root_inside_such_a_folder_is_walked(tree: Tree) -> None:
    root = tree({".venv/lib/site-packages/pkg/core.py": "x"}) / ".venv/lib/site-packages/pkg"
    assert found(root) == ["core.py"]


def test_an_environment_is_known_by_its_marker_and_a_cache_by_its_tag(tree: Tree) -> None:
    root = tree({"env/pyvenv.cfg": "", "env/x.py": "x", "target/CACHEDIR.TAG": "", "target/y.rs": "y"})
    assert skipped(root) == {"env": "folder of other people's code", "target": "cache folder"}


def test_build_output_is_passed_over_unless_it_is_a_package(tree: Tree) -> None:
    root = tree({"dist/a.js": "a", "build/b.html": "b", "src/build/__init__.py": "", "src/build/env.py": "e"})
    assert skipped(root) == {"dist": "folder of build output", "build": "folder of build output"}
    assert found(root) == ["src/build/__init__.py", "src/build/env.py"]


def test_hidden_files_and_what_programs_leave_behind_are_no_entries(tree: Tree) -> None:
    root = tree({".git/config": "", ".profile": "x", ".cache/x.md": "", "__pycache__/a.pyc": b"\0", "a.py": "a"})
    assert [entry.path.name for entry in walk(root, LIMIT)] == ["a.py"]


def test_a_projects_own_workflows_are_read(tree: Tree) -> None:
    assert found(tree({".github/workflows/ci.yml": "on: push"})) == [".github/workflows/ci.yml"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.PNG", b"x", "not text (.png)"),
        ("core", b"abc\0def", "not text"),
        ("old.doc", b"x", "the format .doc is not read; save it as DOCX"),
        ("old.msg", b"x", "the format .msg is not read; save it as EML"),
        ("old.pst", b"x", "the format .pst is not read; save it as MBOX"),
        ("package-lock.json", b"{}", "lock file"),
        ("uv.lock", b"", "lock file"),
        ("jquery.min.js", b"x", "minified or generated"),
        ("server.key", b"x", "may hold a secret"),
        (".env", b"x", "may hold a secret"),
        (".env.production", b"x", "may hold a secret"),
        ("deploy.env", b"x", "may hold a secret"),
        (".npmrc", b"x", "may hold a secret"),
        ("credentials.json", b"{}", "may hold a secret"),
        ("my-service-account.json", b"{}", "may hold a secret"),
        ("db_secrets.yaml", b"a: b", "may hold a secret"),
        ("go.sum", b"x", "lock file"),
        ("api_pb2.py", b"x", "minified or generated"),
        ("searchindex.js", b"x", "minified or generated"),
        ("backup.tar.gz", b"x", "not text (.tar)"),
        ("photo.png.xz", b"x", "not text (.png)"),
        ("credentials.json.gz", b"x", "may hold a secret"),
        ("app.min.js.gz", b"x", "minified or generated"),
        ("app.js.map", b"x", "minified or generated"),
    ],
)
def test_a_file_that_is_not_for_reading_says_why(tree: Tree, name: str, content: bytes, reason: str) -> None:
    assert skipped(tree({name: content})) == {name: reason}


@pytest.mark.parametrize(
    "name",
    ["secrets.py", "secrets.md", "credentials.md", "example.env", "secrets.example.yaml", "key.md", "tokens.json"],
)
def test_a_file_about_secrets_or_an_example_of_them_is_read(tree: Tree, name: str) -> None:
    assert found(tree({name: "text"})) == [name]


def included(root: Path, *patterns: str) -> list[str]:
    entries = (entry for entry in walk(root, LIMIT, patterns) if isinstance(entry, Found))
    return [entry.path.relative_to(root).as_posix() for entry in entries if entry.wanted]


def test_a_pattern_overrules_every_reason_of_a_name(tree: Tree) -> None:
    root = tree(
        {
            ".gitignore": "out/\n*.log",
            "a/uv.lock": "x",
            "a.min.js": "x",
            "server.key": "x",
            "out/a.md": "x",
            "run.log": "x",
            ".env": "x",
            ".hidden/note.md": "x",
            "vendor/ours/a.md": "x",
            "vendor/ours/deep/b.md": "x",
            "vendor/theirs/c.md": "x",
            "vendor/ours/credentials.json": "x",
            "plain.md": "x",
        }
    )
    assert included(root) == []
    assert included(root, "*.lock", "*.min.js") == ["a.min.js", "a/uv.lock"]
    assert included(root, "server.key", ".env", "*.log") == [".env", "run.log", "server.key"]
    assert included(root, "out/") == ["out/a.md"]
    assert included(root, "/.hidden/*.md") == [".hidden/note.md"]
    assert included(root, "vendor/ours/") == ["vendor/ours/a.md", "vendor/ours/deep/b.md"]
    assert included(root, "vendor/**/c.md") == ["vendor/theirs/c.md"]
    assert included(root, "vendor/ours/*.json") == ["vendor/ours/credentials.json"]
    everything = [entry.path.name for entry in walk(root, LIMIT, ("vendor/ours/",)) if isinstance(entry, Skipped)]
    assert "vendor" in everything


def test_a_file_that_is_named_itself_is_read_whatever_it_is_called(tree: Tree) -> None:
    (entry,) = walk(tree({"poetry.lock": "x"}) / "poetry.lock", LIMIT)
    assert isinstance(entry, Found)
    assert entry.wanted


def test_utf_16_is_text_although_it_holds_nul_bytes(tree: Tree) -> None:
    assert found(tree({"notes": "hello".encode("utf-16")})) == ["notes"]


def test_links_are_never_followed(tree: Tree, tmp_path: Path) -> None:
    root = tree({"docs/a.md": "a"})
    (tmp_path / "outside.md").write_text("secret")
    (root / "docs/loop").symlink_to(root)
    (root / "again.md").symlink_to(root / "docs/a.md")
    (root / "escape.md").symlink_to(tmp_path / "outside.md")
    (root / "broken.md").symlink_to(root / "nothing.md")
    (root / "self.md").symlink_to(root / "self.md")
    assert found(root) == ["docs/a.md"]
    assert skipped(root) == {
        "again.md": "link to a place in the same folder, where it is read",
        "broken.md": "broken link",
        "docs/loop": "link to a place in the same folder, where it is read",
        "escape.md": "link to a place outside the folder",
        "self.md": "broken link",
    }


def test_a_link_as_the_root_leads_to_the_folder_itself(tree: Tree, tmp_path: Path) -> None:
    root = tree({"a.md": "a"})
    (tmp_path / "link").symlink_to(root)
    assert [entry.path for entry in walk(tmp_path / "link", LIMIT)] == [root / "a.md"]


def test_a_pipe_is_not_opened(tree: Tree) -> None:
    root = tree({})
    os.mkfifo(root / "pipe.md")
    assert skipped(root) == {"pipe.md": "not a regular file"}


def test_a_name_that_is_not_utf_8_can_still_be_shown(tree: Tree) -> None:
    root = tree({})
    Path(os.fsdecode(bytes(root) + b"/caf\xe9.md")).write_text("x")
    ((name, reason),) = skipped(root).items()
    assert (name.encode(), reason) == ("caf\ufffd.md".encode(), "its name is not valid UTF-8")


@pytest.fixture
def locked() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        (root / "folder").mkdir()
        for file in ("folder/a.md", "open.md", "shut.md", "shut"):
            (root / file).write_text("text")
        for path, mode in (("folder", 0o000), ("shut.md", 0o000), ("shut", 0o000), (".", 0o755)):
            (root / path).chmod(mode)
        yield root
        (root / "folder").chmod(0o755)


def test_what_may_not_be_read_says_so(locked: Path, request: pytest.FixtureRequest) -> None:
    read_safely(locked / "open.md", locked)
    request.getfixturevalue("ordinary_user")
    assert found(locked) == ["open.md", "shut.md"]
    assert skipped(locked) == {"shut": "permission denied", "folder": "permission denied"}
    assert read_safely(locked / "shut.md", locked) == Skipped(locked / "shut.md", "permission denied")
