"""What questions in other languages than English and German ask for, and whether a text holds it.

Coarser than what ``question.py`` and ``kinds.py`` know of English: only forms that cannot be mistaken are told.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "number", "count", "date", "duration", "person", "place", "name", "yes_no", "definition", "steps", "list",
    "comparison", "reason", "value", "code", "passage",
]  # fmt: skip
"""``number`` is how much of a measure, ``count`` how many of a thing, ``value`` a property that is often a number,
``name`` one of a sort ("which company"), ``passage`` anything that a statement may answer."""


_FORMS: dict[str, tuple[tuple[Kind, str], ...]] = {
    "zh": (
        ("reason", "为什么|为何|原因"),
        ("duration", "多久|多长时间"),
        ("date", "什么时候|何时|哪年|哪一年|哪天|几点|几月|几号|日期"),
        ("number", "多少|几[个位次辆人台件]|多[高长宽深重大远快]"),
        ("person", "谁|哪位"),
        ("place", "哪里|哪儿|在哪|何地|何处"),
        ("steps", "怎么|怎样|如何"),
        ("list", "哪些"),
        ("yes_no", "吗[？?]?$|是否|能否|可否"),
    ),
    "ja": (
        ("reason", "なぜ|どうして|理由"),
        ("duration", "どのくらいの時間|何時間|何日間|何年間"),
        ("date", "いつ|何年|何月|何日|何時|何曜日"),
        ("number", "いくつ|いくら|どのくらい|どれくらい|何[人台個本枚回名]"),
        ("person", "誰|だれ"),
        ("place", "どこ"),
        ("steps", "どのように|どうやって|方法"),
        ("yes_no", "ますか[？?。]?$"),
    ),
    "ko": (
        ("reason", "왜|이유"),
        ("date", "언제|몇 ?[년월일시]"),
        ("number", "얼마|몇"),
        ("person", "누구|누가"),
        ("place", "어디"),
        ("steps", "어떻게"),
    ),
    "fr": (
        ("count", r"\bcombien (?:de|d')"), ("number", r"\bcombien\b"), ("reason", r"\bpourquoi\b"),
        ("date", r"\bquand\b|quelle (?:date|année)|quel (?:jour|mois)"), ("person", r"^(?:à |de |par )?qui\b"),
        ("place", r"\boù\b"), ("steps", r"^comment\b"), ("yes_no", r"^est-ce que\b"),
    ),
    "es": (
        ("number", r"cuánt[oa]s?\b"), ("reason", r"por qué\b"), ("date", r"cuándo\b|qué (?:año|día|fecha)"),
        ("person", r"quién"), ("place", r"dónde\b"), ("steps", r"^¿?cómo\b"),
    ),
    "it": (
        ("number", r"quant[oiae]\b"), ("reason", r"perché\b"), ("date", r"quando\b|(?:che|quale) (?:anno|giorno|data)"),
        ("person", r"^chi\b"), ("place", r"dove\b"), ("steps", r"^come\b"),
    ),
    "pt": (
        ("number", r"quant[oa]s?\b"), ("reason", r"por ?que\b"), ("date", r"quando\b"), ("person", r"^quem\b"),
        ("place", r"onde\b"), ("steps", r"^como\b"),
    ),
    "nl": (
        ("number", r"hoeveel\b"), ("reason", r"waarom\b"), ("date", r"wanneer\b"), ("person", r"^wie\b"),
        ("place", r"^waar\b"), ("steps", r"^hoe\b"),
    ),
}  # fmt: skip
_KINDS = {language: tuple((kind, re.compile(form, re.I)) for kind, form in forms) for language, forms in _FORMS.items()}
_NUMBER = re.compile("[0-9０-９½¼¾一二三四五六七八九十百千万亿億零〇两兩半]")
_TIME = re.compile("[0-9０-９一二三四五六七八九十年月日时時点周曜]")
_SPELT = frozenset({"zh", "ja"})
"""Languages whose words for numbers are known here."""


def kind(text: str, language: str) -> Kind:
    """``passage`` where no form tells more."""
    return next((kind for kind, form in _KINDS.get(language, ()) if form.search(text)), "passage")


def holds(kind: Kind, text: str, language: str) -> bool | None:
    """Whether there is a number or a time; None where the words of the language would have to be known."""
    wanted = _NUMBER if kind in ("number", "count") else _TIME if kind in ("date", "duration") else None
    if wanted is None:
        return None
    return True if wanted.search(text) else False if language in _SPELT else None
