"""Every entry of the registries of serving opens, and carries its own name where entries have one."""

from __future__ import annotations

import pytest

from evidentia.errors import NotFoundError
from evidentia.registry import Registry
from evidentia.serving.compress.strategies import STRATEGIES
from evidentia.serving.constraints import CONSTRAINTS
from evidentia.serving.drafting import ALONE, DRAFTERS
from evidentia.serving.models.quantise import OWN, WEIGHTS
from evidentia.serving.talk.call_formats import CALL_FORMATS


@pytest.mark.parametrize("registry", [STRATEGIES, CALL_FORMATS], ids=lambda registry: registry.kind)
def test_entries_carry_their_names(registry: Registry) -> None:
    assert [registry.load(name).name for name in registry] == list(registry)


@pytest.mark.parametrize("registry", [DRAFTERS, CONSTRAINTS], ids=lambda registry: registry.kind)
def test_entries_are_factories(registry: Registry) -> None:
    assert all(callable(registry.load(name)) for name in registry)


def test_drafters_that_guess_alone_are_registered_ones() -> None:
    assert set(ALONE) <= set(DRAFTERS)


def test_kinds_of_weights_name_the_library_that_keeps_them() -> None:
    assert all(WEIGHTS.load(name) is None for name in OWN)
    assert all(name.startswith(WEIGHTS.load(name).library) for name in WEIGHTS if name not in OWN)


@pytest.mark.parametrize("registry", [STRATEGIES, CALL_FORMATS, DRAFTERS, CONSTRAINTS, WEIGHTS])
def test_an_unknown_name_is_answered_alike_everywhere(registry: Registry) -> None:
    with pytest.raises(NotFoundError, match=f"no {registry.kind} has this name: zzz"):
        registry.load("zzz")
