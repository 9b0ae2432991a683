"""When a first name or a surname alone is the person who is named in full elsewhere, and when it is not."""

from __future__ import annotations

from typing import Any

import pytest

FULL = "Anna Berg was born in Oslo. "
SHORT = "Then Berg laughed. "


def _texts(new_shelf: Any, folder: Any, *texts: str) -> Any:
    shelf = new_shelf(folder / "library")
    for at, text in enumerate(texts):
        shelf.put(f"{at}.md", f"{text}\n")
    return shelf


def _merged(graph: Any) -> set[tuple[str, str]]:
    return {(one.one, one.other) for one in graph.merges if one.reason == "part of the name"}


def test_the_only_holder_of_a_surname_is_meant_by_it(new_shelf: Any, tmp_path: Any):
    graph = _texts(new_shelf, tmp_path, FULL + SHORT).graph.graph()
    assert _merged(graph) == {("berg", "anna berg")}
    assert graph.find("Berg") == graph.find("Anna Berg")
    assert graph.name(graph.find("Berg")) == "Anna Berg"
    assert graph.count(graph.find("Berg")) == 2


def test_a_first_name_is_a_part_too(new_shelf: Any, tmp_path: Any):
    graph = _texts(new_shelf, tmp_path, FULL + "Then Anna laughed.").graph.graph()
    assert _merged(graph) == {("anna", "anna berg")}


@pytest.mark.parametrize(
    "text",
    [
        FULL + "Otto Berg was born in Lund. " + SHORT,
        FULL + "She lives in Berg. The town of Berg is old.",
        "They read the Anna Berg. " + SHORT,
        "Lund University was founded. Then Lund laughed.",
        FULL + "Mr. Berg laughed. She left. She slept. " + SHORT,
    ],
    ids=["two persons", "a place", "no person", "an organisation", "a husband"],
)
def test_a_part_that_may_mean_another_is_left_alone(new_shelf: Any, tmp_path: Any, text: str):
    assert not {
        pair for pair in _merged(_texts(new_shelf, tmp_path, text).graph.graph()) if pair[0] in ("berg", "lund")
    }


def test_each_document_may_mean_somebody_else(new_shelf: Any, tmp_path: Any):
    shelf = _texts(new_shelf, tmp_path, FULL + SHORT, "Otto Berg was born in Lund. " + SHORT, SHORT)
    graph = shelf.graph.graph()
    assert {(one.one, one.other, one.only_there) for one in graph.merges} == {
        ("berg", "anna berg", True),
        ("berg", "otto berg", True),
    }
    assert [graph.count(graph.find(name)) for name in ("Anna Berg", "Otto Berg", "Berg")] == [2, 2, 1]
    shelf.drop("2.md")
    graph = shelf.graph.graph()
    assert graph.find("Berg") in (graph.find("Anna Berg"), graph.find("Otto Berg"))
    assert len([one for one in graph.entities if graph.name(one) == "Berg"]) == 0


def test_such_a_merge_is_taken_back_as_any_other(new_shelf: Any, tmp_path: Any):
    shelf = _texts(new_shelf, tmp_path, FULL + SHORT)
    shelf.graph.separate("berg", "anna berg")
    graph = shelf.graph.graph()
    assert _merged(graph) == set()
    assert graph.find("Berg") != graph.find("Anna Berg")


def test_a_title_before_a_full_name_makes_no_other_person(new_shelf: Any, tmp_path: Any):
    graph = _texts(
        new_shelf, tmp_path, "Mr. Otto Lind was born in Oslo. Otto Lind laughed. Then Lind slept."
    ).graph.graph()
    assert graph.find("Mr. Otto Lind") == graph.find("Otto Lind") == graph.find("Lind")
    assert {one.reason for one in graph.merges} == {"title before the name", "part of the name"}


@pytest.mark.parametrize(
    "texts",
    [
        ("Mrs. Otto Lind was born in Oslo. Otto Lind laughed.",),
        ("Sir Otto Lind was born in Oslo.", "Otto Lind laughed."),
    ],
    ids=["a wife", "another page"],
)
def test_a_title_may_make_another_person(new_shelf: Any, tmp_path: Any, texts: tuple[str, ...]):
    graph = _texts(new_shelf, tmp_path, *texts).graph.graph()
    titled = next(one for one in ("Mrs. Otto Lind", "Sir Otto Lind") if graph.find(one) is not None)
    assert graph.find(titled) != graph.find("Otto Lind")


def test_poor_anna_is_no_other_holder_of_the_name(new_shelf: Any, tmp_path: Any):
    text = f"{FULL}Then Anna laughed. And Poor Anna said so. She said that Poor Anna laughed."
    assert ("anna", "anna berg") in _merged(_texts(new_shelf, tmp_path, text).graph.graph())


def test_kin_before_a_first_name_once_among_many_says_nothing(new_shelf: Any, tmp_path: Any):
    text = f"{FULL}His daughter Anna laughed. {'Then Anna laughed. ' * 30}"
    assert ("anna", "anna berg") in _merged(_texts(new_shelf, tmp_path / "many", text).graph.graph())
    few = f"{FULL}His daughter Anna laughed. Then Anna laughed."
    assert ("anna", "anna berg") not in _merged(_texts(new_shelf, tmp_path / "few", few).graph.graph())
