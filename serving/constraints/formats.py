"""The formats of JSON Schema as regular expressions, in the engine's syntax.

Formats are always enforced, as generation profits from it. What the engine has is used but where it lets days and
seconds through that do not exist. An expression may match less than its format, never more.
"""

from __future__ import annotations

_DAYS = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
_OFFSET = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_TIME = (
    rf"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?{_OFFSET}"
    r"|23:59:60(?:\.[0-9]+)?(?:[Zz]|[+-]00:00))"
)
_LABEL = (
    r"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,2}[0-9A-Za-z])?"
    r"|[0-9A-Za-z][0-9A-Za-z-](?:[0-9A-Za-z][0-9A-Za-z-]|-[0-9A-Za-z])[0-9A-Za-z-]{0,58}[0-9A-Za-z])"
)
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"

_MARK = r"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})"
"""A character of a path of a URI but the colon (RFC 3986)."""
_MARKS = rf"(?:{_MARK}|:)"
_HOST = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_USER = r"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"
_URI_REFERENCE = (
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//{_USER}{_HOST}(?::[0-9]*)?(?:/{_MARKS}*)*"
    rf"|[A-Za-z][A-Za-z0-9+.-]*:(?:/?{_MARKS}+(?:/{_MARKS}*)*)?"
    rf"|/(?:{_MARKS}+(?:/{_MARKS}*)*)?|(?:{_MARK}+(?:/{_MARKS}*)*)?"
)
_AFTER = rf"(?:\?(?:{_MARKS}|[/?])*)?(?:#(?:{_MARKS}|[/?])*)?"
_NAMES = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?::[1-9][0-9]{0,3}|\*)?"
_URI_TEMPLATE = rf"(?:[A-Za-z0-9._~:/?#@!$&()*+,;=\[\]-]|%[0-9A-Fa-f]{{2}}|\{{[+#./;?&]?{_NAMES}(?:,{_NAMES})*\}})*"
_REPEATED = r"(?:[*+?]|\{[0-9]{1,2}\})?"
_CLASS = r"\[\^?(?:[A-Za-z0-9_.]|a-z|A-Z|0-9|\\[dws])+-?\]"
_LETTER = rf"(?:[A-Za-z0-9 _@%&/:;,=<>!#~'\x22-]|\\[dDwWsSntr.*+?()\[\]{{}}|^$/\\-]|\.|{_CLASS})"
_SEQUENCE = rf"(?:{_LETTER}{_REPEATED})*"
_GROUP = rf"\((?:\?:)?{_SEQUENCE}(?:\|{_SEQUENCE})*\){_REPEATED}"
_REGEX = rf"\^?(?:{_LETTER}{_REPEATED}|{_GROUP})*(?:\|(?:{_LETTER}{_REPEATED}|{_GROUP})*)*\$?"
"""A part of the regular expressions: groups within groups, ranges and looking around are left out."""

FORMATS: dict[str, str | None] = {
    "date": _DAYS,
    "time": _TIME,
    "date-time": rf"{_DAYS}[Tt]{_TIME}",
    "hostname": rf"{_LABEL}(?:\.{_LABEL})*",
    "json-pointer": _POINTER,
    "relative-json-pointer": rf"(?:0|[1-9][0-9]*)(?:#|{_POINTER})",
    "duration": None,
    "email": None,
    "ipv4": None,
    "ipv6": None,
    "uri": None,
    "uuid": None,
    "uri-reference": f"(?:{_URI_REFERENCE}){_AFTER}",
    "iri-reference": f"(?:{_URI_REFERENCE}){_AFTER}",
    "iri": None,
    "uri-template": _URI_TEMPLATE,
    "regex": _REGEX,
    "idn-email": None,
    "idn-hostname": rf"{_LABEL}(?:\.{_LABEL})*",
}
"""The formats of the standard and what they match as a whole; ``None``: the engine's own expression. Any other format
is an annotation, as the specification says."""
ASCII = {"iri": "uri", "idn-email": "email"}
"""Formats of which only the part is written that another name stands for."""
LONGEST_HOSTNAME = 253
BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
