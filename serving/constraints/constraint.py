"""What a constraint is: which tokens may come next, step by step, and back again.

Knows nothing of models; masks are numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Guide(Protocol):
    """The state of one reply under a constraint."""

    @property
    def at_end(self) -> bool:
        """True when nothing but an end may follow."""
        ...

    def mask(self) -> NDArray[np.bool_]:
        """``[vocabulary]``: the tokens that may come next; the model's ends among them where the reply may end. Never
        all false."""
        ...

    def allows(self, token: int) -> bool:
        """``mask()[token]``, without the whole mask."""
        ...

    def advance(self, token: int) -> None:
        """Raises ``InputError`` for a token that is not allowed."""
        ...

    def back(self, count: int) -> None:
        """Takes the last ``count`` tokens back."""
        ...

    def forced_tokens(self) -> list[int]:
        """Tokens that must come next, one after the other, because nothing else may; empty where there is a choice or
        an end. Need not find all of them."""
        ...


class Constraint(Protocol):
    """A compiled constraint; replies of one constraint run side by side, each with a guide of its own."""

    def start(self, room: int | None = None) -> Guide:
        """``room``: how many tokens the reply may take. A constraint on JSON ends it validly within them where it can;
        others leave it to be cut."""
        ...
