"""Files that are ZIP archives of XML (Office Open XML, OpenDocument, EPUB), opened within bounds.

Nothing is unpacked to the disk, no entity is expanded, nothing outside of the file is loaded.
"""

from __future__ import annotations

import io
import posixpath
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any
from urllib.parse import unquote

from lxml import etree

from ...errors import EvidentiaError, ReadError

_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How a file begins that Office has encrypted, and one of the formats before 2007."""
_UNPACKED = 300_000_000
"""Bytes of all members."""
_PART = 100_000_000
"""Bytes of one member that is parsed as a whole."""
_NODES = 6_000_000
"""Elements' beginnings and ends, and attributes, in such a member: a parsed node takes up to 120 bytes."""
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/presentationml/main": b"http://schemas.openxmlformats.org/presentationml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
}
"""Names of the strict form of Office Open XML, and those of the usual form."""


@dataclass(frozen=True, slots=True)
class OfficeRelation:
    kind: str
    """The last word of its type: ``hyperlink``, ``header``, ``image``."""
    target: str
    """The name of a member, or an address when it is ``external``."""
    external: bool


@contextmanager
def open_package(data: bytes, what: str = "Office") -> Iterator[Package]:
    """Opens the members of a file. Whatever a library raises comes out as ``ReadError``: on a damaged file that may be
    any exception there is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _archive(data, what) as archive:
                yield Package(archive, what)
    except (EvidentiaError, MemoryError):
        raise
    except Exception as error:
        raise damage_error(what) from error


def damage_error(what: str) -> ReadError:
    return ReadError(
        f"the {what} file is damaged, or of another kind than its name says",
        fix="open it in its program and save it anew",
    )


def _archive(data: bytes, what: str) -> zipfile.ZipFile:
    if data.startswith(_COMPOUND):
        raise ReadError(
            "the file is protected with a password or older than Office 2007", fix="save a plain copy of it"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise ReadError(
            f"the file is not an {what} file, or is cut off", fix="open it in its program and save it anew"
        ) from error
    if unpacked > _UNPACKED:
        raise ReadError(f"it unpacks to {unpacked // 1_000_000:,} MB, above the limit of {_UNPACKED // 1_000_000:,} MB")
    return archive


class Package:
    def __init__(self, archive: zipfile.ZipFile, what: str) -> None:
        self._archive, self._what = archive, what
        self._names = {name.lower(): name for name in reversed(archive.namelist())}

    @property
    def names(self) -> list[str]:
        return list(self._names.values())

    def has(self, name: str) -> bool:
        return name.lower().lstrip("/") in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises ``KeyError`` where there is no such member, ``ReadError`` where it is too
        large."""
        member = self._archive.getinfo(self._names[name.lower().lstrip("/")])
        if member.file_size > _PART:
            raise ReadError(
                f"its part {name} has {member.file_size // 1_000_000:,} MB, "
                f"above the limit of {_PART // 1_000_000:,} MB"
            )
        return self._archive.read(member)

    def stream(self, name: str) -> IO[bytes]:
        """A member that is read piece by piece."""
        return self._archive.open(self._names[name.lower().lstrip("/")])

    def xml(self, name: str) -> Any:
        """The root element of a member. Raises as ``read`` does, and ``ReadError`` for too many elements."""
        return parse_xml(self.read(name), self._what)

    def xml_if_there(self, name: str) -> Any:
        """The root element of a member; None where there is no such member."""
        return self.xml(name) if name and self.has(name) else None

    def relations(self, name: str) -> Mapping[str, OfficeRelation]:
        """What the member ``name`` refers to, by id; of the package itself for an empty name."""
        folder, _, base = name.rpartition("/")
        root = self.xml_if_there(f"{folder}/_rels/{base}.rels".lstrip("/"))
        found: dict[str, OfficeRelation] = {}
        for one in root if root is not None else ():
            target, external = one.get("Target", ""), one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            found[one.get("Id", "")] = OfficeRelation(one.get("Type", "").rpartition("/")[2], target, external)
        return found

    def main(self) -> str:
        """The name of the member that everything else hangs on. Raises ``KeyError``."""
        return next(one.target for one in self.relations("").values() if one.kind == "officeDocument")


def parse_xml(data: bytes, what: str = "Office") -> Any:
    """The root element. Raises ``ReadError`` for too many elements, and for entities."""
    if data.count(b"<") + data.count(b"=") > _NODES:
        raise ReadError(f"it has more than {_NODES:,} marks of XML in one part", fix="split the file")
    if b"purl.oclc.org/ooxml" in data:
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise damage_error(what)
    return root


@lru_cache(maxsize=8_192)
def local(tag: str) -> str:
    """A tag's or attribute's name without its namespace."""
    return tag.rpartition("}")[2]
