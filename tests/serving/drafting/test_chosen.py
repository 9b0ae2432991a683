"""Drafters by a setting's name."""

from __future__ import annotations

import pytest

from evidentia.errors import NotFoundError
from evidentia.serving.drafting import ALONE, drafter_for
from evidentia.settings import Settings


@pytest.mark.parametrize("name", ALONE)
def test_each_name_gives_a_drafter_that_guesses(name: str) -> None:
    made = drafter_for(name, 64)
    assert made is not None
    assert made.start([1, 2, 3, 1, 2]) is not None


def test_none_guesses_nothing() -> None:
    assert drafter_for("none", 64) is None


@pytest.mark.parametrize("name", ["kangaroo", "no-such"])
def test_what_needs_a_model_of_its_own_or_is_unknown_is_refused(name: str) -> None:
    with pytest.raises(NotFoundError, match="no drafter that needs no other model has this name"):
        drafter_for(name, 64)


def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENTIA_DRAFTER", "suffix")
    assert Settings.from_env().drafter == "suffix"
