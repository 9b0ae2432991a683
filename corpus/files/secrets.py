"""Secrets inside of texts: found by the published forms of tokens and keys, and as values that are called a password.

Each is replaced character by character, so that all offsets hold. Placeholders (``changeme``, ``<token>``, ``${VAR}``)
are none. No entropy is measured: in documents that calls every digest and identifier a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MASK = "•"

_TOKENS = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"  # Amazon
    r"|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255}"
    r"|gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,64}"  # GitLab
    r"|xox[abeoprs]-[A-Za-z0-9-]{20,255}|xapp-\d-[A-Za-z0-9-]{20,255}"  # Slack
    r"|AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{30,1000}"  # Google
    r"|[sr]k_live_[A-Za-z0-9]{20,255}"  # Stripe
    r"|sk-(?:proj-|ant-[a-z0-9]+-|svcacct-)?[A-Za-z0-9_-]{40,255}"
    r"|npm_[A-Za-z0-9]{36}|pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,1000}|hf_[A-Za-z]{34}"
    r"|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"  # SendGrid
    r"|eyJ[A-Za-z0-9_-]{15,4000}\.eyJ[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{20,2000}"  # JSON Web Token
    r")(?![A-Za-z0-9_-])"
)
_HOOK = re.compile(r"(?<=hooks\.slack\.com/services/)T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,30}")
_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"((?:[A-Za-z0-9+/=:,.\s\"'\\-](?<!-----)){60,20000}+)"
)
_LOGIN = re.compile(r"(?<![\w+.-])[A-Za-z][\w+.-]{1,20}://[^\s:/@\"'<>`]{0,80}:([^\s:/@\"'<>`]{3,100})@[\w.\[-]")
_CALLED = (
    r"(?:password|passwd|passphrase|pwd|secret(?:[_-]?(?:access)?[_-]?key)?|api[_-]?key|access[_-]?key|auth[_-]?token"
    r"|access[_-]?token|refresh[_-]?token|bot[_-]?token|private[_-]?key|client[_-]?secret|account[_-]?key)"
)
_QUOTED = re.compile(
    _CALLED + r"[\"']?\]?[ \t]{0,20}(?::=|=>?|:)[ \t]{0,20}[bru]?([\"'])([^\"'\s]{6,200})\1", re.IGNORECASE
)
_ASSIGNED = re.compile(
    r"(?:PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_KEY|AUTH_TOKEN|ACCESS_TOKEN|PRIVATE_KEY|SECRET_KEY)"
    r"=([^\s\"'`;&|()<>]{6,200})"
)
_SETTING = re.compile(
    r"^[ \t-]{0,80}[\"']?[\w.-]{0,60}?"
    + _CALLED
    + r"[\"']?[ \t]{0,20}[:=][ \t]{0,20}([\"']?)([^\s\"'#,;]{4,200})\1[ \t]*(?:[#,;].*)?\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"pass(?:word|wd|phrase)?|secret|token|key|change|replace|your|insert|placeholder|example|sample|dummy|fake|mock|"
    r"test|redact|hidden|none|null|true|false|todo|foobar|foo|bar|xxx|\.\.\.|\*\*|…|•|1234|abcd|enter|some|my[_-]?|user|"
    r"not[_-]?a|default|undefined|empty|value",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[$%{<\[(@/.~!&*]|[\w.]+\(|[a-z]+://|(?:file|env|vault|arn|ref|sops|ssm|op):", re.IGNORECASE)
_SETTINGS = frozenset(
    {"application/json", "application/yaml", "application/toml", "text/x-ini", "application/xml", "text/x-terraform"}
)
_COLUMN = re.compile(r"(?:\w*_)?" + _CALLED + r"s?(?:_?(?:hash(?:ed)?|digest|salt|encrypted))?", re.IGNORECASE)
_LINES = 5
"""So many lines are named; the rest is counted."""


def mask(text: str, media_type: str) -> tuple[str, list[int]]:
    """Replaces the secrets of a text, and gives the 1-based lines on which they begin."""
    places = sorted(set(_places(text, media_type)))
    if not places:
        return text, []
    pieces: list[str] = []
    lines: list[int] = []
    done, line, counted = 0, 1, 0
    for start, end in places:
        if end <= done:
            continue
        pieces += text[done:start], re.sub(r"[^\r\n]", MASK, text[max(start, done) : end])
        line, counted = line + text.count("\n", counted, start), max(start, counted)
        lines.append(line)
        done = end
    return "".join((*pieces, text[done:])), lines


def is_secret_column(name: str) -> bool:
    """Whether a column of this name holds passwords or keys.

    >>> is_secret_column("password_hash"), is_secret_column("user_api_key"), is_secret_column("secretary")
    (True, True, False)
    """
    return _COLUMN.fullmatch(name) is not None


def describe_masked(lines: list[int]) -> str:
    """The phrase of a report: ``2 secrets masked (lines 3, 9)``."""
    shown = ", ".join(map(str, dict.fromkeys(lines[:_LINES]))) + (" …" if len(lines) > _LINES else "")
    several = "s" if len(lines) > 1 else ""
    return f"{len(lines):,} secret{several} masked (line{several} {shown})"


def _places(text: str, media_type: str) -> Iterator[tuple[int, int]]:
    for found in _TOKENS.finditer(text):
        token = found[0]
        is_sample = len(set(token[4:])) < 8 or re.search(r"EXAMPLE|XXXX|xxxx|\.\.\.|1234567890|abcdefgh", token)
        if not is_sample:
            yield found.span()
    yield from (found.span() for found in _HOOK.finditer(text) if "XXXX" not in found[0])
    yield from (found.span(1) for found in _KEY.finditer(text) if "..." not in found[1])
    yield from (found.span(1) for found in _LOGIN.finditer(text) if _is_secret(found[1], plain=False))
    yield from (found.span(2) for found in _QUOTED.finditer(text) if _is_secret(found[2], plain=False))
    if not media_type.startswith("text/x-") or media_type in ("text/x-shell", "text/x-dockerfile", "text/x-rst"):
        yield from (found.span(1) for found in _ASSIGNED.finditer(text) if _is_secret(found[1], plain=False))
    if media_type in _SETTINGS:
        yield from (found.span(2) for found in _SETTING.finditer(text) if _is_secret(found[2], plain=True))


def _is_secret(value: str, *, plain: bool) -> bool:
    """``plain``: a value without a digit may be one as well, as long as it is no plain word or identifier."""
    if _REFERENCE.match(value) or _PLACEHOLDER.search(value) or len(set(value)) < 4:
        return False
    if re.search(r"\d", value):
        return not re.fullmatch(r"[\d.,:-]+", value)
    mixed = re.search(r"[a-z]", value) and re.search(r"[A-Z]", value) and not re.fullmatch(r"[A-Za-z_.-]+", value)
    return bool(re.search(r"[!@#%^&*+=?~]", value) or mixed) if plain else bool(re.search(r"[!@#%^*+?~]", value))
