"""Documents and code in one Cypher graph, and the graph as files of other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.errors import NotFoundError
from evidentia.graphs.base import Node
from evidentia.graphs.export import lines
from evidentia.graphs.knowledge.map_page import page
from evidentia.retrieval.embedders.hash import HashEmbedder

CODE = "def put_book(shelf):\n    return shelf\n"
PROSE = (
    "# Shelves\n\nCall `put_book` to fill a shelf. Anna Berg wrote the Nordic Catalogue. "
    "Anna Berg lives in Oslo, the capital of Norway. </script><b>Oslo</b> is a city.\n"
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("projection")
    source = folder / "project"
    source.mkdir()
    (source / "shelves.py").write_text(CODE)
    (source / "shelves.md").write_text(PROSE)
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(source)
        yield opened


def test_one_query_crosses_documents_and_code(library: Library):
    rows = library.graph.query("MATCH (f:FUNCTION {name: 'put_book'})-[:DOCUMENTED_BY]->(p:PASSAGE) RETURN p.name")
    assert rows.rows == (("project/shelves.md",),)
    query = "MATCH (p:PASSAGE)-[:MENTIONS]->(e:ENTITY {name: 'Anna Berg'}) RETURN e.id, e.kind"
    assert library.graph.query(query).rows == (("entity:anna berg", "name"),)


def test_an_edge_says_what_stands_between_two_names(library: Library):
    query = "MATCH (a:ENTITY)-[s:SAYS]->(b:ENTITY {name: 'Nordic Catalogue'}) RETURN a.name, s.label, s.quote"
    assert library.graph.query(query).rows == (("Anna Berg", "wrote the", "Anna Berg wrote the Nordic Catalogue."),)


def test_the_projection_follows_an_edit(library: Library, tmp_path: Path):
    extra = tmp_path / "extra.md"
    extra.write_text("Zebulon Quark met Anna Berg.\n")
    library.add(extra)
    count = "MATCH (e:ENTITY {name: 'Zebulon Quark'}) RETURN count(e)"
    assert library.graph.query(count).rows == ((1,),)
    library.remove(extra)
    assert library.graph.query(count).rows == ((0,),)


def test_networkx_has_the_same_nodes(library: Library):
    graph = library.knowledge.to_networkx()
    assert graph.nodes["entity:anna berg"]["kind"] == "name"
    assert all("label" in data for _, data in graph.nodes(data=True))


def test_graphml_and_node_link_json_are_read_by_networkx(library: Library, tmp_path: Path):
    import networkx as nx

    file = tmp_path / "graph.graphml"
    file.write_text("\n".join(lines("graphml", *library.knowledge.parts())), encoding="utf-8")
    data = json.loads("".join(lines("json", *library.knowledge.parts())))
    graphs = nx.read_graphml(file), nx.node_link_graph(data, edges="edges")
    assert {graph.nodes["entity:anna berg"]["name"] for graph in graphs} == {"Anna Berg"}
    assert graphs[0].number_of_edges() == graphs[1].number_of_edges()
    with pytest.raises(NotFoundError, match="graphml, json"):
        lines("svg", [], [])


def test_what_documents_hold_is_no_markup_of_the_map(library: Library):
    text = page(library.knowledge.quotes(), library.knowledge.communities())
    assert text.count("</script>") == 2
    assert "<b>Oslo" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_json_ld_has_each_node_each_edge_and_what_edges_say(library: Library):
    nodes, edges = map(list, library.knowledge.parts())
    data = json.loads("".join(lines("jsonld", nodes, edges)))
    by_id = {one["@id"]: one for one in data["@graph"]}
    anna = by_id["urn:evidentia:entity%3Aanna%20berg"]
    assert (anna["@type"], anna["name"], anna["key"]) == ("ENTITY", "Anna Berg", "entity:anna berg")
    triples = sum(len(ends) for one in by_id.values() for ends in one.values() if isinstance(ends, list))
    assert triples == len(edges)
    assert {one["edgeType"] for one in by_id.values() if one["@type"] == "Edge"} >= {"MENTIONS"}
    ends = [end["@id"] for one in by_id.values() for each in one.values() if isinstance(each, list) for end in each]
    assert set(ends) <= by_id.keys()


def test_a_cypher_script_holds_every_node_and_edge_once(library: Library):
    nodes, edges = map(list, library.knowledge.parts())
    script = "\n".join(lines("cypher", nodes, edges))
    statements = [one for one in script.split(";\n") if one.startswith("UNWIND")]
    assert sum(one.count("`id`: ") for one in statements) == len(nodes)
    assert sum(one.count("`from`: ") for one in statements) == len(edges)
    assert "lives in Oslo, the capital of Norway. </script>" in script


def test_texts_in_a_cypher_script_are_quoted():
    rows = "\n".join(lines("cypher", [Node("A", "it's", {"text": "a\\b\n'c'", "n": 1.5, "held": True})], []))
    assert "`id`: 'it\\'s', `text`: 'a\\\\b\\u000a\\'c\\'', `n`: 1.5, `held`: true" in rows
