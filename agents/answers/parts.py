"""One answer of several: a question with parts gets each part's answer, and what was not answered is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..answer import Answer, Citation

_MARK = re.compile(r"\[(\d+)\](?=\s|$)")
_ORDER = ("sure", "likely", "unsure", "")


def combine(question: str, answers: Sequence[Answer]) -> Answer:
    """Makes one answer of several: the texts stand one below the other and citations are numbered through; the fit is
    that of the weakest part, and unsure where one was not found."""
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
        before = len(citations)
        texts.append(_renumber(answer.text, before))
        citations += [replace(citation, number=citation.number + before) for citation in answer.citations]
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


def _renumber(text: str, before: int) -> str:
    return _MARK.sub(lambda mark: f"[{int(mark[1]) + before}]", text)
