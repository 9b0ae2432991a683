"""Files that a program has packed one by one: read as the file inside, bounded, and refused where they are damaged."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from evidentia.corpus.files import read, read_safely, unpack
from evidentia.corpus.files.walk import FoundFile, walk
from evidentia.errors import ReadError

Tree = Callable[[dict[str, str | bytes]], Path]
TEXT = b"# Guide\n\nThe pump runs for 40 seconds.\n"
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_a_packed_file_is_read_as_the_file_inside(tree: Tree, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    root = tree(
        {f"guide.md{suffix}": pack(TEXT), f"changelog{suffix}": pack(TEXT), f"tool.1{suffix.upper()}": pack(TEXT)}
    )
    assert sum(isinstance(entry, FoundFile) for entry in walk(root, 10**6)) == 3
    document = read(root / f"guide.md{suffix}", root)
    assert document.text == TEXT.decode()
    assert document.media_type == "text/markdown"
    assert read(root / f"changelog{suffix}", root).media_type == "text/plain"


@pytest.mark.parametrize(
    "data", [b"no gzip at all", PACKED[:-6], PACKED[:12] + b"xx"], ids=["another file", "cut off", "not packed inside"]
)
def test_a_damaged_one_says_so(tree: Tree, data: bytes) -> None:
    root = tree({"a.txt.gz": data})
    with pytest.raises(ReadError, match=r"damaged, or no \.gz file"):
        read(root / "a.txt.gz", root)


def test_one_that_unpacks_to_more_than_may_be_is_refused(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "_UNPACKED", 1_000_000)
    root = tree({"a.txt.gz": gzip.compress(b"a " * 600_000)})
    assert "unpacks to more than 1 MB" in str(getattr(read_safely(root / "a.txt.gz", root), "reason", ""))


def test_what_is_inside_is_judged_as_if_it_lay_there_itself(tree: Tree) -> None:
    root = tree({"core.txt.gz": gzip.compress(b"abc\0def" * 50)})
    assert "not text" in str(getattr(read_safely(root / "core.txt.gz", root), "reason", ""))


def test_an_attachment_is_unpacked(tree: Tree) -> None:
    mail = EmailMessage()
    mail["Subject"] = "The log"
    mail.set_content("See the file.")
    mail.add_attachment(gzip.compress(TEXT), maintype="application", subtype="gzip", filename="guide.md.gz")
    root = tree({"a.eml": mail.as_bytes()})
    assert "The pump runs for 40 seconds." in read(root / "a.eml", root).text
