"""Chains of names: what a file writes down is read back as it was meant."""

from __future__ import annotations

import pytest

from evidentia.graphs.code.expressions import NAME, Chain, chain_of, to_declared, to_name


@pytest.mark.parametrize("first", ["", "=", "$", "@", "%", "&", "!", "~", "*", "\\"])
def test_a_name_of_the_module_may_begin_like_any_mark_of_a_chain(first: str) -> None:
    assert chain_of(f"{to_name(f'{first}x')}.append") == Chain(NAME, "", f"{first}x", ("append",))


def test_a_declared_function_is_none_of_these() -> None:
    assert chain_of(to_declared("x")) != chain_of(to_name("!x"))
