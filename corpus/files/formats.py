"""Which reader a file name calls for, and its media type. Tables only: nothing here opens a file.

Whatever is in no table is read as plain text, unless its bytes say that it is binary.
"""

from __future__ import annotations

from dataclasses import dataclass
from os.path import splitext

from ...registry import Registry

OFFICE = "application/vnd.openxmlformats-officedocument"

READERS = Registry(
    "reader",
    __package__,
    {
        "text": "text:read",
        "asciidoc": "asciidoc:read",
        "calendar": "calendar:read",
        "docx": "docx:read",
        "epub": "epub:read",
        "html": "html:read",
        "latex": "latex:read",
        "log": "log:read",
        "mail": "mail:read",
        "mailbox": "mail:read_box",
        "notebook": "notebook:read",
        "opendocument": "opendocument:read",
        "org": "org:read",
        "parquet": "parquet:read",
        "pdf": "pdf:read",
        "pptx": "pptx:read",
        "roff": "roff:read",
        "rtf": "rtf:read",
        "sqlite": "sqlite:read",
        "subtitles": "subtitles:read",
        "vcard": "vcard:read",
        "workbook": "workbook:read",
    },
)
"""Functions that turn a file's bytes and its format into a ``Content``."""


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    reader: str = "text"
    """One of ``READERS``."""


PLAIN = Format("text/plain")
RST = Format("text/x-rst")
SHELL = Format("text/x-shell")
WORD = Format(f"{OFFICE}.wordprocessingml.document", "docx")
SLIDES = Format(f"{OFFICE}.presentationml.presentation", "pptx")
SHEETS = Format(f"{OFFICE}.spreadsheetml.sheet", "workbook")
OPEN_TEXT, OPEN_SHEETS, OPEN_SLIDES = (
    Format(f"application/vnd.oasis.opendocument.{kind}", "opendocument")
    for kind in ("text", "spreadsheet", "presentation")
)
SQLITE = Format("application/vnd.sqlite3", "sqlite")
PARQUET = Format("application/vnd.apache.parquet", "parquet")
MAIL = Format("message/rfc822", "mail")
ASCIIDOC = Format("text/asciidoc", "asciidoc")
LATEX = Format("application/x-tex", "latex")
VCARD = Format("text/vcard", "vcard")
MANUAL = Format("text/troff", "roff")
"""A manual page, of which the suffix is the section; a file that is none is read as plain text."""

_SUFFIXES = {
    "text/markdown": "md markdown mdown mkd mdx qmd rmd",
    "text/x-rst": "rst rest",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/css": "css scss sass less",
    "application/json": "json jsonl ndjson json5 jsonc geojson webmanifest",
    "application/yaml": "yaml yml",
    "application/toml": "toml",
    "application/xml": "xml xsd xsl xslt wsdl rng",
    "text/x-ini": "ini cfg conf properties env",
    "text/x-python": "py pyi pyw",
    "text/x-cython": "pyx pxd pxi",
    "text/x-javascript": "js mjs cjs jsx",
    "text/x-typescript": "ts mts cts tsx",
    "text/x-vue": "vue",
    "text/x-svelte": "svelte",
    "text/x-go": "go",
    "text/x-rust": "rs",
    "text/x-java": "java",
    "text/x-kotlin": "kt kts",
    "text/x-scala": "scala sc",
    "text/x-groovy": "groovy gradle",
    "text/x-clojure": "clj cljs cljc edn",
    "text/x-c": "c h",
    "text/x-cpp": "cc cpp cxx c++ hh hpp hxx h++ cu cuh",
    "text/x-objective-c": "m mm",
    "text/x-csharp": "cs",
    "text/x-fsharp": "fs fsi fsx",
    "text/x-vb": "vb vbs",
    "text/x-swift": "swift",
    "text/x-ruby": "rb rake gemspec",
    "text/x-php": "php",
    "text/x-perl": "pl pm",
    "text/x-lua": "lua",
    "text/x-r": "r",
    "text/x-julia": "jl",
    "text/x-dart": "dart",
    "text/x-elixir": "ex exs",
    "text/x-erlang": "erl hrl",
    "text/x-haskell": "hs lhs",
    "text/x-ocaml": "ml mli",
    "text/x-fortran": "f f90 f95 f03 f08 for",
    "text/x-pascal": "pas",
    "text/x-lisp": "lisp lsp el scm rkt",
    "text/x-nim": "nim",
    "text/x-zig": "zig",
    "text/x-solidity": "sol",
    "text/x-assembly": "s asm",
    "text/x-shell": "sh bash zsh fish ksh",
    "text/x-powershell": "ps1 psm1 psd1",
    "text/x-batch": "bat cmd",
    "text/x-sql": "sql",
    "text/x-cypher": "cypher cql",
    "text/x-graphql": "graphql gql",
    "text/x-protobuf": "proto",
    "text/x-terraform": "tf tfvars hcl",
    "text/x-cmake": "cmake",
    "text/x-makefile": "mk mak",
    "text/x-lark": "lark",
}

_NAMES = {
    "makefile": Format("text/x-makefile"),
    "gnumakefile": Format("text/x-makefile"),
    "cmakelists.txt": Format("text/x-cmake"),
    ".env": Format("text/x-ini"),
    ".env.example": Format("text/x-ini"),
    ".env.sample": Format("text/x-ini"),
    ".env.template": Format("text/x-ini"),
    ".editorconfig": Format("text/x-ini"),
    "dockerfile": Format("text/x-dockerfile"),
    "containerfile": Format("text/x-dockerfile"),
    "jenkinsfile": Format("text/x-groovy"),
    "gemfile": Format("text/x-ruby"),
    "rakefile": Format("text/x-ruby"),
}

_FORMATS = (
    {f".{suffix}": Format(media) for media, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
    | {
        ".html": Format("text/html", "html"),
        ".htm": Format("text/html", "html"),
        ".xhtml": Format("text/html", "html"),
        ".pdf": Format("application/pdf", "pdf"),
        ".docx": WORD,
        ".docm": WORD,
        ".dotx": WORD,
        ".dotm": WORD,
        ".pptx": SLIDES,
        ".pptm": SLIDES,
        ".potx": SLIDES,
        ".potm": SLIDES,
        ".ppsx": SLIDES,
        ".ppsm": SLIDES,
        ".xlsx": SHEETS,
        ".xlsm": SHEETS,
        ".xltx": SHEETS,
        ".xltm": SHEETS,
        ".odt": OPEN_TEXT,
        ".ott": OPEN_TEXT,
        ".ods": OPEN_SHEETS,
        ".ots": OPEN_SHEETS,
        ".odp": OPEN_SLIDES,
        ".otp": OPEN_SLIDES,
        ".sqlite": SQLITE,
        ".sqlite3": SQLITE,
        ".db": SQLITE,
        ".parquet": PARQUET,
        ".srt": Format("application/x-subrip", "subtitles"),
        ".vtt": Format("text/vtt", "subtitles"),
        ".rtf": Format("application/rtf", "rtf"),
        ".adoc": ASCIIDOC,
        ".asciidoc": ASCIIDOC,
        ".org": Format("text/org", "org"),
        ".tex": LATEX,
        ".latex": LATEX,
        ".ltx": LATEX,
        ".ics": Format("text/calendar", "calendar"),
        ".vcf": VCARD,
        ".log": Format("text/log", "log"),
        ".vcard": VCARD,
        ".man": MANUAL,
        ".mdoc": MANUAL,
        ".roff": MANUAL,
        ".epub": Format("application/epub+zip", "epub"),
        ".ipynb": Format("application/x-ipynb+json", "notebook"),
        ".eml": MAIL,
        ".mbox": Format("application/mbox", "mailbox"),
    }
    | {
        f".{section}": MANUAL
        for section in [
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
            "1m",
            "1p",
            "3p",
            "1ssl",
            "3ssl",
            "5ssl",
            "7ssl",
            "3pm",
            "3tcl",
            "8p",
        ]
    }
)

_MEDIA = {form.media_type: form for form in reversed(_FORMATS.values())}

# fmt: off
_BINARY = frozenset({
    "7z", "a", "aac", "aar", "ai", "apk", "arrow", "avi", "avif", "bin", "bmp", "bz2", "cab", "class", "dat",
    "dbf", "deb", "dll", "dmg", "dylib", "eot", "eps", "exe", "feather", "fits", "flac", "flv", "gguf",
    "gif", "graffle", "gz", "h5", "hdf5", "heic", "ico", "idx", "img", "iso", "jar", "jpeg", "jpg", "lib",
    "lz4", "mat", "mkv", "mo", "mov", "mp3", "mp4", "mpeg", "mpg", "msi", "nc", "node", "npy", "npz", "o",
    "obj", "odb", "onnx", "otf", "pack", "pickle", "pkl", "pkt", "png", "psd", "pt", "pth", "pyc",
    "pyd", "pyo", "rar", "rpm", "safetensors", "snap", "so", "svg", "svgz", "swf", "tar",
    "tga", "tgz", "tif", "tiff", "ttc", "ttf", "war", "wasm", "wav", "webm", "webp", "whl", "wmv", "woff",
    "woff2", "xz", "zip", "zst",
})
# fmt: on

_CONVERTIBLE = {
    "doc": "DOCX",
    "dot": "DOCX",
    "wpd": "DOCX",
    "wps": "DOCX",
    "pages": "DOCX",
    "ppt": "PPTX",
    "pps": "PPTX",
    "xls": "XLSX",
    "xlt": "XLSX",
    "xlsb": "XLSX",
    "numbers": "XLSX",
    "mobi": "HTML",
    "ps": "PDF",
    "djvu": "PDF",
    "msg": "EML",
    "oft": "EML",
    "pst": "MBOX",
    "ost": "MBOX",
}
"""Suffixes of formats that are not read, and what their own programs can save the file as instead."""


def format_of(name: str) -> Format | None:
    """The format that a file's name alone tells; None for a name that says nothing."""
    lower = name.lower()
    return _NAMES.get(lower) or _FORMATS.get(splitext(lower)[1])


def format_of_media(media_type: str) -> Format | None:
    """The format of a media type, for files inside another that have no telling name."""
    return _MEDIA.get(media_type)


def unreadable(suffix: str) -> str:
    """Why files with this suffix (``.png``) are not read; empty for those that may be."""
    bare = suffix[1:].lower()
    if bare in _BINARY:
        return f"not text (.{bare})"
    if bare in _CONVERTIBLE:
        return f"the format .{bare} is not read; save it as {_CONVERTIBLE[bare]}"
    return ""
