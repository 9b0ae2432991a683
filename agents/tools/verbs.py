"""The table of verbs of the code graph, each once, in one of three files.

The order matters for questions only: the first verb with a form that fits is the one that was meant.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...registry import check_name
from .base import Verb
from .calls import CALLS
from .overviews import OVERVIEWS
from .structure import STRUCTURE

VERBS: Mapping[str, Verb] = {verb.name: verb for verb in (*CALLS, *STRUCTURE, *OVERVIEWS)}


def verb_named(name: str) -> Verb:
    """The verb of that name. Raises ``NotFoundError`` with the names that there are."""
    check_name("verb of the code graph", name, VERBS)
    return VERBS[name]
