"""A guess at the encoding of text that is neither UTF-8 nor declared, also where it is short.

chardet's models give each encoding a likelihood and a language. At the length of a line these are nearly equal, so the
decoded text is looked at as well: letters that the language does not have, capitals inside of words, two scripts in
one word and signs among letters are what the wrong encoding makes of a text.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import lru_cache

MULTIBYTE = ("cp932", "euc_jis_2004", "gb18030", "big5hkscs", "cp949")
_NAMES = (
    *("cp1252", "mac-roman", "cp1250", "iso8859-2", "cp1257", "cp1254", "cp437", "cp850", "cp852"),
    *("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"),
    *("cp1253", "iso8859-7", "cp1255", "cp1256"),
    *MULTIBYTE,
)
_RARE = {"cp437": 0.7, "cp850": 0.7, "cp852": 0.7, "cp1257": 0.8, "cp1255": 0.8, "cp1256": 0.8, "mac-roman": 0.95}
"""How likely an encoding is before its text is seen, where equal likelihoods would let it win."""
_USUAL = 1.1
"""The same for Windows-1252."""
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LETTERS = {
    language: frozenset(letters)
    for language, letters in {
        "de": "äöüßé", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíóúüñªº", "pt": "áàâãçéêíóôõúüªº", "it": "àèéìíîòóùú",
        "nl": "áéíóúäëïöüèê", "sv": "åäöé", "da": "æøåéö", "no": "æøåéòôü", "nb": "æøåéòôü", "fi": "åäöšž",
        "is": "áðéíóúýþæö", "ca": "àçéèíïóòúül·", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž",
        "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "hr": "čćđšž", "sl": "čšžćđ", "tr": "çğıöşüâîûİ", "en": "éèêïçñöü",
        "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž", "sq": "çë", "af": "êëéèïôöû",
        "ru": _CYRILLIC + "ё", "bg": _CYRILLIC, "uk": _CYRILLIC + "іїєґ", "be": _CYRILLIC + "ёіў",
    }.items()
}  # fmt: skip
_BETWEEN = frozenset("’·\u00ad‑")
_AROUND = frozenset("“”‘’«»„‚‹›¿¡·…\u00a0ªº°€£¥©®™")
_SAMPLE = 4_000
"""Characters of the decoded text that are looked at."""


def guess(data: bytes) -> str:
    """The name of a Python codec; Windows-1252 when nothing fits. ``data`` may be cut off inside a character."""
    from chardet import detect_all

    best, chosen = 0.0, ""
    for name, likelihood, language in (
        *((found["encoding"], found["confidence"], found["language"]) for found in detect_all(
            data, ignore_threshold=True, include_encodings=_NAMES, compat_names=False)),
        *(("cp932", 0.0, "ja"), ("euc_jis_2004", 0.0, "ja")),
    ):  # fmt: skip
        text = _decode_sample(data, name) if name else None
        if not text or not name:
            continue
        if language == "ja":
            likelihood = max(likelihood, _kana(text[:_SAMPLE]))
        weight = _USUAL if name == "cp1252" else _RARE.get(name, 1.0)
        score = likelihood * weight * (1 - min(1.0, strangeness(text[:_SAMPLE], language or ""))) ** 3
        if score > best:
            best, chosen = score, name
    # The same characters go by the name that most programs know.
    western = _decode_sample(data, "cp1252")
    return "cp1252" if not chosen or western == _decode_sample(data, chosen) else chosen


def strangeness(text: str, language: str = "") -> float:
    """How much of the text beyond ASCII is what a wrong encoding leaves: 0 for nothing, 1 for all of it."""
    letters = _LETTERS.get(language)
    strange = [
        _strange(text[place - 1 : place], sign, text[place + 1 : place + 2], letters)
        for place, sign in enumerate(text)
        if sign > "\x7f"
    ]
    return sum(strange) / len(strange) if strange else 0.0


def _strange(before: str, sign: str, after: str, letters: frozenset[str] | None) -> float:
    kind = unicodedata.category(sign)
    if kind in ("Cc", "Co", "Cn"):
        return 2.0
    if kind[0] == "L":
        if (kind == "Lu" and before.islower()) or (letters and not {sign, sign.lower()} & letters):
            return 1.0
        scripts = {_script(letter) for letter in (before, sign, after) if letter.isalpha()}
        if len(scripts) > 1:
            return 1.0 if "LATIN" in scripts else 0.0
        return 0.0 if (before + after).strip() or "LATIN" in scripts else 0.5
    inside, beside = before.isalpha() and after.isalpha(), before.isalpha() or after.isalpha()
    if sign in "–—":
        return 0.5 if beside and (before == " ") != (after == " ") else 1.0 if inside and before.islower() else 0.0
    if kind[0] in "SPN" and sign < "\u2e00":
        return float(inside and sign not in _BETWEEN) or 0.5 * (beside and sign not in _AROUND)
    return 0.0


@lru_cache(maxsize=4_096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]


def _kana(text: str) -> float:
    """A likelihood from the share of kana, for text too short for a model."""
    high = [sign for sign in text if sign > "\x7f"]
    share = sum("\u3041" <= sign <= "\u30fe" for sign in high) / len(high) if high else 0.0
    return 0.3 * share if share >= 0.3 else 0.0


def _decode_sample(data: bytes, name: str) -> str | None:
    """``data`` may be a sample that ends inside a character."""
    try:
        return codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeDecodeError:
        return None
