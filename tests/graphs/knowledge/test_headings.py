"""Headings as entities: what stands below one is found by its name."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.corpus.quotes import quote_holds
from evidentia.graphs.knowledge.card import card
from evidentia.graphs.knowledge.headings import heading_form, sections
from evidentia.graphs.knowledge.linking import find_entity

MANUAL = (
    "# Database guide\n\nIntroductory words on what follows.\n\n"
    "## 3.2 The connection pooling\n\nEach worker keeps ten sockets open. They are given back after use.\n\n"
    "### Options\n\nThe size is set by `pool_size`.\n\n"
    "### Overflow\n\nFive more sockets may be opened.\n\n"
    "## With Docker Compose\n\n```yaml\nservices:\n  web: {image: web}\n```\n\n"
    "## Server-side cursors\n\nRows come in parts. Close server-side cursors, or a server-side cursor stays open.\n"
)


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("Connection pooling", "connection pooling"),
        ("3.2. Connection pooling¶", "connection pooling"),
        ("Chapter 4: The `pool`", "pool"),
        ("[Pools](pools.md)", "pools"),
        ("A.1 Limits of pools", "limits of pools"),
        ("Options", ""),
        ("SEE ALSO", ""),
        ("2. Introduction", ""),
        ("3.2", ""),
        ("1. 2. Notes", ""),
        ("The Band", "band"),
        ("3D models", "3d models"),
        ("2019 in review", "2019 in review"),
    ],
)
def test_a_heading_names_a_thing_or_nothing(heading: str, form: str):
    assert heading_form(heading) == form


def test_a_section_holds_its_subsections():
    paths = [(0, "Pools"), (1, "Pools > Size"), (2, "Pools > Size > Notes"), (4, "Pools > Age"), (5, "Cursors")]
    assert sorted(sections(paths)) == [("Age", 4, 4), ("Cursors", 5, 5), ("Pools", 0, 4), ("Size", 1, 2)]


def test_what_stands_below_a_heading_is_on_its_card(shelf: Any):
    shelf.put("manual.md", MANUAL)
    graph = shelf.graph.graph()
    found = card(shelf.graph.quotes(), find_entity(graph, "Connection Pooling"))
    assert found.sections == 1
    assert [one.quote for one in found.openings] == [
        "Each worker keeps ten sockets open. They are given back after use."
    ]
    assert [one.quote for one in found.openings[0].governors] == ["## 3.2 The connection pooling"]
    assert "size" in {graph.name(one.target) for one in found.relations}
    assert all(quote_holds(shelf.store, one) for one in found.openings)


def test_the_number_of_a_heading_is_no_name(shelf: Any):
    shelf.put("manual.md", MANUAL)
    graph = shelf.graph.graph()
    assert not [phrase for phrase in graph.phrases if phrase.startswith(("2", "3"))]


def test_a_generic_heading_is_no_entity_and_its_text_belongs_to_the_heading_above(shelf: Any):
    shelf.put("manual.md", MANUAL)
    graph = shelf.graph.graph()
    assert graph.find("Options") is None
    pooling = graph.find("connection pooling")
    texts = [shelf.graph.quotes().text(row) for row in graph.speaking_of(pooling).tolist()]
    assert "The size is set by `pool_size`." in texts
    assert "Five more sockets may be opened." not in texts
    under = [shelf.graph.quotes().text(row) for row in graph.under(graph.sections_of(pooling)[0])]
    assert "Five more sockets may be opened." in under


def test_a_section_of_code_alone_is_shown_from_its_top(shelf: Any):
    shelf.put("manual.md", MANUAL)
    graph = shelf.graph.graph()
    found = card(shelf.graph.quotes(), find_entity(graph, "with docker compose"))
    assert "services:" in found.openings[0].quote
    assert quote_holds(shelf.store, found.openings[0])


def test_a_heading_that_texts_write_small_is_a_term_with_its_singular(shelf: Any):
    shelf.put("manual.md", MANUAL)
    graph = shelf.graph.graph()
    assert graph.find("server-side cursor") == graph.find("Server-side cursors")
    assert graph.kind(graph.find("server-side cursors")) == "term"


def test_a_heading_goes_with_its_document(shelf: Any):
    shelf.put("manual.md", MANUAL)
    shelf.graph.graph()
    shelf.drop("manual.md")
    assert shelf.graph.graph().find("connection pooling") is None
