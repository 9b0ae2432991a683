"""The one registry: names, lazy loading, one answer to a name that is not there."""

from __future__ import annotations

import pytest

from evidentia.errors import NotFoundError
from evidentia.registry import Registry, check_name, nearest

CODECS = Registry("codec", "json", {"reader": "decoder:JSONDecoder", "writer": "encoder:JSONEncoder"})


def test_names_keep_their_order_and_load_what_they_point_to() -> None:
    assert CODECS.names == tuple(CODECS) == ("reader", "writer")
    assert len(CODECS) == 2
    assert "reader" in CODECS
    assert CODECS.load("writer").__name__ == "JSONEncoder"


def test_a_name_that_is_near_another_is_answered_with_that_one() -> None:
    with pytest.raises(NotFoundError, match=r"no codec has this name: raeder\. Did you mean reader\?") as caught:
        CODECS.load("raeder")
    assert caught.value.suggestions == ("reader",)


def test_a_name_that_is_near_none_is_answered_with_all() -> None:
    with pytest.raises(NotFoundError, match="Choose one of reader, writer"):
        CODECS.check("zzz")


def test_capitals_make_no_name_strange() -> None:
    assert nearest("smollm2", ["SmolLM2", "other"]) == ("SmolLM2",)


def test_an_answer_may_say_where_the_names_are() -> None:
    with pytest.raises(NotFoundError, match=r"no model has this name: zzz\. Run: list"):
        check_name("model", "zzz", ["own"], fix="run: list")
