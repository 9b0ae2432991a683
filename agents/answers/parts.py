"""One answer of several: a question with parts gets each part's answer, and what was not answered is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..answer import Answer, Citation
from .quoted import UNSURE, UNSURE_ALONE, with_governors

_MARK = re.compile(r"\[(\d+)\](?=\s|$)")
_ORDER = ("sure", "likely", "unsure", "")


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """Makes one answer of several: the texts stand one below the other, citations are numbered through, and what one
    of them quoted before is not quoted again; the fit is that of the weakest part, and unsure where one was not
    found."""
    found = [answer for answer in answers if answer.status != "not_found"]
    if not found:
        return replace(answers[0], question=question)
    texts, citations = list[str](), list[Citation]()
    said: set[str] = set()
    for answer in answers:
        if answer.status == "not_found":
            texts.append(f"Not found here: {answer.question}")
            continue
        if answer.text in said:
            continue
        said.add(answer.text)
        texts.append(_add(citations, answer))
    # Where one statement answers all parts, what it says in short to one of them stands for it.
    whole = (len(said) == 1 and len(found) == len(answers)) or all(answer.short for answer in answers)
    missing = [f"no answer to “{answer.question}”" for answer in answers if answer.status == "not_found"]
    reasons = [reason for answer in found for reason in answer.reasons]
    return Answer(
        question,
        "\n".join(texts),
        "quoted",
        tuple(citations),
        fit=max([answer.fit for answer in found] + ["unsure"] * bool(missing), key=_ORDER.index),
        reasons=tuple(dict.fromkeys((*missing, *reasons))),
        short="; ".join(dict.fromkeys(answer.short for answer in found if answer.short)) if whole else "",
    )


def _add(citations: list[Citation], answer: Answer) -> str:
    """Adds the citations of one part, and gives its text with their numbers; what stands among them already is left out
    of a part that only shows what is near."""
    numbers, text = dict[int, int](), answer.text
    before = {citation.evidence.key: citation.number for citation in citations}
    for citation in answer.citations:
        known = before.get(citation.evidence.key)
        shown = f"\n{with_governors(answer.question, citation.evidence)} [{citation.number}]"
        if known is not None and answer.fit == "unsure" and text.count(shown) == 1:
            text = text.replace(shown, "")
            continue
        numbers[citation.number] = len(citations) + 1
        citations.append(replace(citation, number=len(citations) + 1))
    text = _MARK.sub(lambda mark: f"[{numbers.get(int(mark[1]), int(mark[1]))}]", text)
    if text in (UNSURE, UNSURE_ALONE):
        return f"“{answer.question}”: nothing else is near."
    return f"“{answer.question}”: n{text[1:]}" if text.startswith((UNSURE, UNSURE_ALONE)) else text
