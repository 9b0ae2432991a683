"""Struc-Bench's P-Score: a language model is asked how alike two tables are, once in content and once in structure.

Tang et al., *Struc-Bench*, NAACL 2024, arXiv 2309.08963, where a large model writes two numbers. The questions here
are our own. A model on this machine is too small to be trusted with a number that it writes, so its score is the mean
of the digits, each weighted by the likelihood that it comes next; any other model writes its digit. Both from 0 to 1.
What a judge says of the reference itself, and of an unrelated table, tells how far it can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from ..serving.base import LanguageModel, LocalModel, Message, Sampling
from ..serving.constraints.table_scores import Likeness
from ..serving.constraints.table_syntaxes import NAMES

MOST = 9
"""The digit of two tables that are the same."""
_LONGEST = 1024
"""Tokens of a judge's reply, thoughts included."""
_ASKED = {
    "content": "do their cells hold the same values? The wording of the table's marks does not count",
    "structure": "are they built alike: the same columns, as many rows, the same header, well-formed? "
    "The values of the cells do not count",
}

TableJudge = Callable[[str, str, str], Likeness]
"""Takes the produced table, the reference and the syntax."""


def judge_questions(produced: str, reference: str, syntax: str) -> tuple[str, str]:
    """The questions for the content and for the structure; they differ at their ends only."""
    tables = f"Two tables in {NAMES[syntax]} are compared.\n\nTable A:\n{reference}\n\nTable B:\n{produced}\n\n"
    content, structure = (
        f"{tables}How alike are A and B: {asked}. Answer with one digit from 0 (nothing is the same) to {MOST} "
        "(all is the same)."
        for asked in _ASKED.values()
    )
    return content, structure


def likelihood_judge(model: LocalModel) -> TableJudge:
    """Raises ``ModelError`` for a model whose digits are not one token each."""
    digits = [model.encode(str(digit)) for digit in range(MOST + 1)]
    if any(len(tokens) != 1 for tokens in digits):
        raise ModelError("the model writes digits as several tokens", where=model.name, fix="use another judge")

    def judge(produced: str, reference: str, syntax: str) -> Likeness:
        questions = judge_questions(produced, reference, syntax)
        content, structure = (model.chat_tokens([Message("user", question)]) for question in questions)
        session = model.start()
        first = session.feed(content, rows=1)[-1]
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(content, structure, strict=False)))
        session.crop(shared)
        second = session.feed(structure[shared:], rows=1)[-1]
        at = [tokens[0] for tokens in digits]
        return Likeness(expected_digit(first[at]), expected_digit(second[at]))

    return judge


def expected_digit(logits: NDArray[np.floating]) -> float:
    """The mean of the digits by their likelihood, as a share of the highest one."""
    weights = np.exp(logits.astype(np.float64) - logits.max())
    return float(weights @ np.arange(len(weights)) / (weights.sum() * (len(weights) - 1)))


def reply_judge(model: LanguageModel) -> TableJudge:
    """The judge raises ``ModelError`` when a reply has no digit."""

    def judge(produced: str, reference: str, syntax: str) -> Likeness:
        content, structure = (
            first_digit(_ask(model, question), model.name) for question in judge_questions(produced, reference, syntax)
        )
        return Likeness(content, structure)

    return judge


def _ask(model: LanguageModel, question: str) -> str:
    return "".join(model.stream([Message("user", question)], Sampling(max_tokens=_LONGEST)))


def first_digit(reply: str, name: str = "") -> float:
    """The digit as a share of the highest one. Raises ``ModelError`` without one."""
    found = re.search(r"\d", reply)
    if found is None:
        raise ModelError("the judge named no digit", where=name, fix="use another model as judge")
    return int(found[0]) / MOST
