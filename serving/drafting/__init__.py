"""Ways to guess the next tokens, by name. The verifier makes each of them exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...registry import Registry, check_name

if TYPE_CHECKING:
    from .drafter import Drafter, Reading

DRAFTERS = Registry(
    "drafter",
    __name__,
    {
        "aded": "aded:best_first",
        "aded-mcts": "aded:tree_search",
        "draft-model": "draft_model:draft_model",
        "eagle": "fspad:eagle",
        "forced": "forced:Forced",
        "fspad": "fspad:fspad",
        "kangaroo": "kangaroo:kangaroo",
        "lookup": "lookup:Lookup",
        "recycling": "recycling:recycling",
        "recycling-static": "static_tree:StaticTree",
        "rsd-c": "rsd:constant",
        "rsd-independent": "rsd:independent",
        "rsd-s": "rsd:beam",
        "s2d": "s2d:s2d",
        "suffix": "suffix:suffix",
        "union": "union:Union",
    },
)

ALONE = ("union", "suffix", "recycling", "recycling-static", "lookup", "forced", "aded", "aded-mcts")
"""The drafters that need nothing besides the model that they guess for."""
FED = ("aded", "aded-mcts")
"""Those of them that guess from texts which are neither prompt nor reply."""
NONE = "none"


def drafter_for(name: str, vocabulary: int, texts: Reading = tuple) -> Drafter | None:
    """The drafter that a setting names, one of ``ALONE``; ``None`` for ``none``. ``texts`` gives the texts of those in
    ``FED``, as tokens, when they first guess. Raises ``NotFoundError`` for other names."""
    check_name("drafter that needs no other model", name, (*ALONE, NONE))
    if name == NONE:
        return None
    options: dict[str, Any] = {"texts": texts} if name in FED else {}
    if name in ("union", "recycling", "recycling-static"):
        options = {"vocabulary": vocabulary}
    return open_drafter(name, **options)


def open_drafter(name: str, **options: Any) -> Drafter:
    """The drafter called ``name``. ``options`` are its constructor's; most need ``vocabulary``, the number of tokens;
    those that ask a small model need it (``network``), or the large one (``target``) and a file of ``weights``.

    Raises ``NotFoundError`` for an unknown name.
    """
    made: Drafter = DRAFTERS.load(name)(**options)
    return made
