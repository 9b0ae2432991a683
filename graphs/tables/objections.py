"""Why a plan is no answer to its question, though every word was understood."""

from __future__ import annotations

import re
from dataclasses import replace

from .cash_books import takes_other_side
from .model import TableModel
from .plan import RowPlan, to_sql

_MOST = 1_000
"""Groups that are looked at."""
_FEW = 3
"""Groups of which all may well have as many."""
_MORE_OR = re.compile(r"\b(?:more|less|fewer|\w+er)\b.*\bor\b", re.IGNORECASE)
_STILL = re.compile(r"\b(?:still|yet|left|remain\w*|outstanding|owed?|owes|due)\b", re.IGNORECASE)


def objection_to(model: TableModel, plan: RowPlan, question: str) -> str:
    """Nothing where there is none."""
    if _is_bare(question, plan):
        return "it asks for no more than everything"
    if question.casefold().startswith("who ") and _shows_whom_it_names(plan):
        return "it asks for somebody else than the one that it names"
    if _sets_apart(question, plan):
        return "it is not understood by what the two are compared"
    if plan.measure is not None and plan.measure[0] == "sum" and not plan.conditions and _STILL.search(question):
        return "it is not understood what is still open"
    if takes_other_side(model, plan, question):
        return "the table tells what came in apart from what went out"
    if _leaves_none_out(model, plan):
        return "what has none at all has the fewest, and stands in no row that is counted"
    return ""


def tells_none_apart(model: TableModel, plan: RowPlan, found: int) -> bool:
    """Whether a number of rows is ordered by that is the same for all groups, of which the first ones are wanted."""
    if plan.measure is None or plan.measure[0] != "count" or not plan.limit or found <= max(plan.limit, _FEW):
        return False
    return found == len(model.run(*to_sql(replace(plan, limit=0, skip=0)), most=_MOST))


def _sets_apart(question: str, plan: RowPlan) -> bool:
    """Whether "who tips more, men or women" is read as a list of both."""
    listed = plan.measure is None and plan.order is None and plan.having is None
    both = any(one.operator == "=" and len(one.values) > 1 for one in plan.conditions)
    return listed and both and bool(_MORE_OR.search(question)) and " than " not in question


def _leaves_none_out(model: TableModel, plan: RowPlan) -> bool:
    """Whether things are asked for of which there are few in another table, and some may be in no row of it."""
    few = plan.having[0] in ("<", "<=") if plan.having else bool(plan.limit) and not plan.descending
    if plan.measure is None or plan.measure[0] != "count" or not plan.shown or not few:
        return False
    path = plan.shown[0].path
    if plan.conditions or len(path) != 1:
        return bool(path)
    key = path[0]
    outside = f'SELECT 1 FROM "{key.target}" WHERE "{key.key}" NOT IN (SELECT "{key.column}" FROM "{plan.table}"'  # noqa: S608
    return bool(model.run(f'{outside} WHERE "{key.column}" IS NOT NULL) LIMIT 1', ()))


def _is_bare(question: str, plan: RowPlan) -> bool:
    """Rows without any condition are an answer only where all of them, or how many there are, is asked for."""
    if plan.conditions or plan.measure or plan.order or plan.absent:
        return False
    start = question.casefold().split()[:1]
    names = re.search(r"\b(?:are there|names of|all (?:of )?the)\b", question.casefold())
    return not (names or start in (["list"], ["show"], ["name"]))


def _shows_whom_it_names(plan: RowPlan) -> bool:
    """ "Who paid for Finn Price?" is not answered by Finn Price. "Who is Finn Price?" is, by his own row."""
    named = {one.of for one in plan.conditions if one.operator == "=" and one.of.path}
    return not named.isdisjoint(plan.shown)
