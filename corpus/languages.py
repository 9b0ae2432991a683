"""The language in which a text is written, told by its script and its function words; and which scripts put no spaces.

Enough to choose a stemmer and to know where a model made for English must be silent; a text that says nothing of its
language is taken for English. Knows nothing of libraries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

ENGLISH = "en"

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
        "nl": "Dutch", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "ru": "Russian", "el": "Greek",
        "ar": "Arabic", "he": "Hebrew", "hi": "Hindi", "th": "Thai", "ko": "Korean", "ja": "Japanese", "zh": "Chinese",
    }
)  # fmt: skip
STEMMERS: Mapping[str, str] = MappingProxyType(
    {code: NAMES[code].lower() for code in ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "ru", "el", "ar")}
)
"""Names of Snowball's algorithms (Porter, 2001); English has its own in ``words.py``."""
COMPOUNDING = frozenset({"de", "nl", "sv", "da", "no"})
"""Languages that write "delivery time" as one word."""

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af]+"
)
"""Runs of scripts whose words are not set apart by spaces, and Korean, whose words carry their particles."""

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_FOREIGN_SHARE = 0.15
"""Of a text's letters, from which on a script that is not Latin makes the language."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_READ = 4_000
"""Characters that are looked at."""
_SHORT, _PROSE = 12, 0.2
"""Words of a short text, and the share of function words in a longer one, below which it is a list of names or code."""
_AHEAD = 2
"""Function words that another language must have more than English: one alone ("die", "no") tells nothing."""
_SHARED = 3
"""Function words of another language that tell it where English has none but those of them: "was … an der …"."""

FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    code: frozenset(text.split())
    for code, text in {
        "en": """the of and to in is are was were that it for on with as be by this from at or an have has had not but
            which what who when where why how do does did can could will would should must may there their its he she
            they we you i if than then any all a""",
        "de": """der die das den dem des und ist sind war waren nicht ein eine einen einem einer eines zu mit auf für
            von im am zum zur bei nach aus wie was wer wann wo warum wem wen welche welcher welches welchen wird werden
            hat haben kann darf muss soll sich auch als dass oder es er sie wir ihr bis seit viel viele wieviel durch
            um über unter ab an gibt kein keine keinen keiner nur noch wenn man vom in ich du mich mir dich dir uns
            euch ihn ihm ihnen mein meine meinen meinem meiner unser unsere unseren unserem unserer ihre ihren ihrem
            ihrer sein seine seinen seinem seiner dein deine deinen dieser diese dieses diesen diesem jeder jede jedes
            jeden jedem habe hast hatte hatten bin bist sei wäre wurde wurden werde würde können könnt konnte könnte
            könnten dürfen dürft durfte müssen müsst musste mussten sollen sollte sollten wollen möchte mag etwas beim
            ans ins aufs fürs ohne gegen nach zwischen vor hinter neben während wegen außer denn doch schon mal mehr
            sehr hier dort dann damit dafür davon daran darauf worauf womit wofür woran wohin woher wieso weshalb ob
            aber sondern jetzt immer wieder eigentlich bitte tun tut macht machen mache lassen lässt kostet kosten""",
        "fr": """le la les des du un une et est sont était dans pour que qui quoi quel quelle quels quelles quand où
            comment pourquoi combien avec sur pas ne par au aux ce cette ces il elle ils elles nous vous se son sa ses
            ou mais plus en à qu""",
        "es": """el la los las del un una unos unas y es son era fue en para que qué quién quien cuál cuándo cuanto
            cuánto cuántos dónde cómo por porque con no se su sus al lo como más o pero este esta""",
        "it": """il lo la gli le dei delle della del un una e è sono era in per che chi quale quali quando quanto quanti
            quante dove come perché con non si su al alla nel nella più o ma questo questa""",
        "pt": """o a os as do da dos das um uma e é são era em para que quem qual quais quando quanto quantos onde como
            porque por com não se sua seu no na nos nas ao mais ou mas este esta""",
        "nl": """de het een en is zijn was waren niet van in op te met voor aan bij naar uit hoe wat wie wanneer waar
            waarom welke wordt worden heeft hebben kan moet dat die dit er ook als of door om over hoeveel""",
        "sv": """och att det som en ett är var på för med av till den inte om har de han hon ett kan ska vad vem när var
            hur varför vilken från eller men hur många""",
        "da": """og at det som en et er var på for med af til den ikke om har de han hun kan skal hvad hvem hvornår hvor
            hvordan hvorfor hvilken fra eller men mange""",
        "no": """og at det som en et er var på for med av til den ikke om har de han hun kan skal hva hvem når hvor
            hvordan hvorfor hvilken fra eller men mange""",
    }.items()
}


def language_of(text: str) -> str:
    """The language of a text by its ISO 639-1 code; ``en`` where nothing tells another."""
    text = text[:_READ]
    if not text.isascii():
        letters = len(_LETTER.findall(text))
        for code, script in _SCRIPTS:
            if len(script.findall(text)) > _FOREIGN_SHARE * letters:
                return code
    counts = dict.fromkeys(FUNCTION_WORDS, 0)
    found = _WORD.findall(text)
    for word in found:
        low = word.lower()
        for code, known in FUNCTION_WORDS.items():
            counts[code] += low in known
    best = max(counts, key=lambda code: counts[code])
    prose = len(found) <= _SHORT or counts[best] >= _PROSE * len(found)
    ahead = counts[best] >= counts[ENGLISH] + _AHEAD
    shared = counts[best] >= _SHARED and not any(
        word.lower() in FUNCTION_WORDS[ENGLISH] - FUNCTION_WORDS[best] for word in found
    )
    return best if prose and (ahead or (shared and counts[best] > counts[ENGLISH])) else ENGLISH
