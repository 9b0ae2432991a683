"""What is not worth indexing although it could be read: secrets, lock files, minified and generated code, pointers.

Names are judged while a folder is walked, content when a file is read. Each reason can be overruled
(``EVIDENTIA_INCLUDE``, ``add(include=…)``) and holds for no file that was named itself.
"""

from __future__ import annotations

import re

# fmt: off
_LOCKS = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "gradle.lockfile", "packages.lock.json",
    "bun.lockb", "conda-lock.yml", "go.work.sum",
})
_GENERATED = (
    ".min.js", ".min.mjs", ".min.css", "-min.js", "-min.css", ".bundle.js", ".chunk.js", ".bundle.css", ".chunk.css",
    ".js.map", ".mjs.map", ".cjs.map", ".css.map", ".ts.map", "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", ".pb.go", ".pb.cc",
    ".pb.h", ".g.dart", ".freezed.dart", ".designer.cs", ".g.cs",
)
_GENERATED_NAMES = frozenset({"searchindex.js", "search_index.json", "search-index.json"})
_SECRET_SUFFIXES = (
    ".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".keytab", ".ovpn", ".tfstate",
)
_SECRET_NAMES = frozenset({
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".npmrc", ".pypirc", ".netrc", "_netrc", ".pgpass", ".my.cnf",
    ".htpasswd", ".git-credentials", ".dockercfg", ".s3cfg", ".boto", "kubeconfig", "credentials",
})
# fmt: on
_SECRET_FORM = re.compile(
    r"(?:[\w-]*[._-])?(?:credentials?|secrets?|service[_-]?account(?:[_-]?key)?|client[_-]secrets?)(?:[._-][\w-]*)?"
    r"\.(?:json|ya?ml|toml|ini|cfg|conf|properties|xml|csv|txt)"
)
_EXAMPLE = re.compile(r"(?:^|[._-])(?:example|sample|template|tmpl|dist|defaults?|schema)(?:[._-]|$)")

_LFS = b"version https://git-lfs.github.com/spec/v1\n"
_HEAD = 3_000
_COMMENT = r"^[ \t]*(?:#+|//+|/\*+|\*|--|;+|%|<!--|\"\"\"|REM\b)[ \t!*]*"
_TOLD = re.compile(
    _COMMENT + r"(?:[^\n]*(?<!\w)@generated\b"
    r"|(?:code |file |this (?:file|code) (?:is|was|has been) )?(?:auto(?:matically)?[- ]?)?"
    r"generated (?:by|from|with|using) (?!hand)"
    r"|[^\n]*\b(?:auto-?)?generated\b[^\n]*\bdo not (?:edit|modify|change)"
    r"|[^\n]*\bdo not (?:edit|modify|change)\b[^\n]*\bgenerated\b)",
    re.IGNORECASE | re.MULTILINE,
)
_LONG = 2_000
"""Characters of a line that nobody wrote by hand."""
_SMALL = 5_000
"""Characters below which a file is never called minified or generated: it costs little."""
_REMARK = re.compile(r"^[ \t]*(?:#|//|/?\*|--|;|%|[rR]?\"{3})[^\n]*[A-Za-z]{3} +[A-Za-z]{2}", re.MULTILINE)
_LICENCE = 2_000
"""Characters behind the notice in which remarks do not count."""
_EXPLAINED = 150
"""Lines of code to a remark, at most, where code is meant for reading."""
_CODE = ("text/x-", "text/css")
_DATA = frozenset({"text/x-rst", "text/x-ini"})


def name_reason(name: str) -> str:
    """Why a file of this name is passed over; empty for one that may be read."""
    lower = name.lower()
    if name.startswith(("~$", ".~lock.")):
        return "made by an office program while a document is open"
    if holds_secrets(lower):
        return "may hold a secret"
    if lower in _LOCKS or lower.endswith((".lock", "-lock.json", ".lock.json")):
        return "lock file"
    return "minified or generated" if lower.endswith(_GENERATED) or lower in _GENERATED_NAMES else ""


def holds_secrets(name: str) -> bool:
    """Whether the lower-case ``name`` is one under which programs keep secrets; not that of an example."""
    if name in _SECRET_NAMES or name.endswith(_SECRET_SUFFIXES):
        return True
    if name.endswith(".env") or name.startswith(".env.") or _SECRET_FORM.fullmatch(name):
        return _EXAMPLE.search(name) is None
    return False


def data_reason(data: bytes) -> str:
    """The reason to pass over a file that only points to another; empty for any other file."""
    return "git LFS pointer: the file itself is not here" if data.startswith(_LFS) and len(data) < 1_024 else ""


def text_reason(text: str, media_type: str) -> str:
    """The reason to leave out code that a program wrote, and files that are nothing but a secret."""
    if _is_key(text):
        return "may hold a secret"
    if not media_type.startswith(_CODE) or media_type in _DATA:
        return ""
    if len(text) < _SMALL:
        return ""
    if (told := _TOLD.search(text, 0, _HEAD)) and not _is_explained(text[told.end() :]):
        return "generated, as it says itself"
    if 2 * sum(len(line) for line in text.split("\n") if len(line) >= _LONG) > len(text):
        return "minified or generated"
    return ""


def _is_explained(text: str) -> bool:
    """Whether generated code is commented as people's code is: such code is asked about like any other."""
    body = text[_LICENCE:]
    return _EXPLAINED * len(_REMARK.findall(body)) > body.count("\n") + 1


def _is_key(text: str) -> bool:
    head = text[:_HEAD].lstrip()
    if re.match(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY", head):
        return True
    return head.startswith("{") and bool(re.search(r'"private_key"\s*:\s*"-----BEGIN', head))
