"""What models extracted elsewhere: entities and relations of other indexes, as what a model said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidentia import Library
from evidentia.corpus.quotes import quote_holds
from evidentia.errors import InputError, NotFoundError
from evidentia.graphs.knowledge.card import card
from evidentia.graphs.knowledge.extraction import read_extraction
from evidentia.graphs.knowledge.linking import find_entity
from evidentia.graphs.knowledge.paths import paths
from evidentia.retrieval.embedders.hash import HashEmbedder

ISLAND = "# Island\n\nAnna Berg rowed to the island.  She met\nOtto Lind there. Nordic Steel sells boats.\n"
TEXTS = {
    "chunk-1": "Anna Berg rowed to the island. She met Otto Lind there.",
    "chunk-2": "Nobody added this text, in which Otto Lind buys Nordic Steel.",
}
NODES = [
    ("Anna Berg", "person", "Anna Berg is a rower.", "chunk-1"),
    ("Otto Lind", "person", "A man of the island.<SEP>He buys firms.", "chunk-1<SEP>chunk-2"),
    ("Nordic Steel", "organization", "A firm.", "chunk-2"),
    ("Zebulon Quark", "person", "A man nobody wrote of.", "chunk-2"),
]
EDGES = [
    ("Anna Berg", "Otto Lind", "Anna Berg is a friend of Otto Lind.", "chunk-1"),
    ("Otto Lind", "Zebulon Quark", "Zebulon Quark taught Otto Lind.", "chunk-2"),
]


def lightrag(folder: Path) -> Path:
    """A working folder as LightRAG writes it."""
    folder.mkdir(parents=True)
    keys = ["entity_id", "entity_type", "description", "source_id"]
    named = "".join(f'<key id="d{at}" for="node" attr.name="{key}" attr.type="string"/>' for at, key in enumerate(keys))
    named += '<key id="d8" for="edge" attr.name="description" attr.type="string"/>'
    named += '<key id="d9" for="edge" attr.name="source_id" attr.type="string"/>'
    escaped = [[part.replace("<", "&lt;").replace(">", "&gt;") for part in row] for row in [*NODES, *EDGES]]
    nodes = "".join(
        f'<node id="{name}"><data key="d1">{kind}</data><data key="d2">{said}</data><data key="d3">{source}</data></node>'
        for name, kind, said, source in escaped[: len(NODES)]
    )
    edges = "".join(
        f'<edge source="{one}" target="{other}"><data key="d8">{said}</data><data key="d9">{source}</data></edge>'
        for one, other, said, source in escaped[len(NODES) :]
    )
    (folder / "graph_chunk_entity_relation.graphml").write_text(
        '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        f'{named}<graph edgedefault="undirected">{nodes}{edges}</graph></graphml>'
    )
    chunks = {key: {"content": text, "tokens": 9} for key, text in TEXTS.items()}
    (folder / "kv_store_text_chunks.json").write_text(json.dumps(chunks))
    return folder


def graphrag(folder: Path) -> Path:
    """The tables of GraphRAG's output."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (folder / "output").mkdir(parents=True)
    tables = {
        "entities": [
            {"title": name.upper(), "type": kind, "description": said, "text_unit_ids": source.split("<SEP>")}
            for name, kind, said, source in NODES
        ],
        "relationships": [
            {"source": a.upper(), "target": b.upper(), "description": said, "text_unit_ids": [source]}
            for a, b, said, source in EDGES
        ],
        "text_units": [{"id": key, "text": f"title: island.md.\n{text}"} for key, text in TEXTS.items()],
    }
    for name, rows in tables.items():
        parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "output" / f"{name}.parquet")
    return folder


def openie(folder: Path) -> Path:
    """The file of HippoRAG's extraction, whose triples have no descriptions."""
    folder.mkdir(parents=True)
    docs = [
        {
            "passage": text,
            "extracted_entities": [name for name, *_, source in NODES if key in source],
            "extracted_triples": [
                [a, said.split(a, 1)[-1].rsplit(b, 1)[0].strip(), b] for a, b, said, s in EDGES if s == key
            ],
        }
        for key, text in TEXTS.items()
    ]
    (folder / "openie_results.json").write_text(json.dumps({"docs": docs, "avg_ent_chars": 9}))
    return folder


@pytest.fixture(params=[lightrag, graphrag])
def imported(request: Any, shelf: Any, tmp_path: Path) -> Any:
    shelf.put("island.md", ISLAND)
    shelf.before = shelf.told()
    shelf.graph.put_import("models", read_extraction(request.param(tmp_path / "index")))
    return shelf


def test_what_others_extracted_is_said_by_a_model_and_its_text_is_quoted_where_the_library_has_it(imported: Any):
    graph, quotes = imported.graph.graph(), imported.graph.quotes()
    said = {one.description: one for one in card(quotes, find_entity(graph, "Anna Berg")).said}
    friend = said["Anna Berg is a friend of Otto Lind."]
    assert friend.origin == "models"
    assert graph.name(friend.target) == "Otto Lind"
    assert friend.evidence is not None
    assert friend.evidence.quote == "Anna Berg rowed to the island.  She met\nOtto Lind there."
    assert quote_holds(imported.store, friend.evidence)


def test_what_was_read_from_a_text_that_is_not_here_has_no_evidence(imported: Any):
    graph = imported.graph.graph()
    found = card(imported.graph.quotes(), find_entity(graph, "zebulon quark"))
    assert (found.mentions, found.relations) == (0, ())
    assert [(one.description, one.evidence) for one in found.said] == [
        ("A man nobody wrote of.", None),
        ("Zebulon Quark taught Otto Lind.", None),
    ]


def test_a_chain_goes_over_what_a_model_said_where_no_sentence_does(imported: Any):
    graph = imported.graph.graph()
    ends = find_entity(graph, "Anna Berg"), find_entity(graph, "Zebulon Quark")
    chain = paths(imported.graph.quotes(), *ends)[0]
    assert [graph.name(one).title() for one in chain.entities] == ["Anna Berg", "Otto Lind", "Zebulon Quark"]
    assert chain.hops[1].evidence is None
    assert chain.hops[1].said.description == "Zebulon Quark taught Otto Lind."


def test_an_import_that_is_removed_leaves_nothing(imported: Any):
    assert imported.told() != imported.before
    imported.graph.remove_import("models")
    assert imported.told() == imported.before
    assert imported.graph.imports() == []
    with pytest.raises(NotFoundError, match="nothing was imported"):
        imported.graph.remove_import("models")


def test_evidence_goes_with_the_document(imported: Any):
    imported.drop("island.md")
    graph = imported.graph.graph()
    said = card(imported.graph.quotes(), find_entity(graph, "Anna Berg")).said
    assert said
    assert all(one.evidence is None for one in said)


def test_what_is_no_index_is_refused_with_its_place(tmp_path: Path):
    with pytest.raises(InputError, match="no index to import"):
        read_extraction(tmp_path)
    (tmp_path / "broken.graphml").write_text("<graphml>")
    with pytest.raises(InputError, match=r"cannot be read.*broken\.graphml"):
        read_extraction(tmp_path / "broken.graphml")
    with pytest.raises(InputError, match="no such file"):
        read_extraction(tmp_path / "nowhere")


def test_the_answer_marks_what_a_model_said(tmp_path: Path):
    (tmp_path / "island.md").write_text(ISLAND)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "island.md")
        library.knowledge.put_import("models", read_extraction(lightrag(tmp_path / "index")))
        answer = library.knowledge.verb("entity", "Anna Berg")
        assert "a model said (models; no quote): Anna Berg is a rower." in answer.text
        assert all("rower" not in one.quote for one in answer.citations)
        alone = library.knowledge.verb("path", "Otto Lind", "Zebulon Quark")
        assert (alone.status, alone.citations) == ("written", ())
        query = "MATCH (a:ENTITY)-[s:SAYS]->(b:ENTITY {name: 'Zebulon Quark'}) RETURN s.told, s.origin, s.quote"
        assert library.graph.query(query).rows == (("Zebulon Quark taught Otto Lind.", "models", ""),)


def test_the_command_imports_lists_and_removes(evidentia: Any, tmp_path: Path):
    folder = lightrag(tmp_path / "index")
    (tmp_path / "island.md").write_text(ISLAND)
    library = ["--library", str(tmp_path / "library")]
    assert evidentia("add", str(tmp_path / "island.md"), *library).returncode == 0
    found = evidentia("kg", "import", str(folder), "--json", *library)
    assert json.loads(found.stdout) == [
        {"name": "index", "kind": "lightrag", "entities": 4, "relations": 2, "texts": 2}
    ]
    assert json.loads(evidentia("kg", "import", "--remove", "index", "--json", *library).stdout) == []


def test_texts_that_nest_without_end_are_refused(tmp_path: Path):
    lightrag(tmp_path / "index")
    (tmp_path / "index" / "kv_store_text_chunks.json").write_text("[" * 100_000)
    with pytest.raises(InputError, match="cannot be read"):
        read_extraction(tmp_path / "index")


def test_triples_of_hipporag_are_relations_with_the_text_that_they_were_read_from(shelf: Any, tmp_path: Path):
    shelf.put("island.md", ISLAND)
    shelf.graph.put_import("triples", read_extraction(openie(tmp_path / "hippo")))
    graph, quotes = shelf.graph.graph(), shelf.graph.quotes()
    said = {one.description: one for one in card(quotes, find_entity(graph, "Anna Berg")).said}
    friend = said["Anna Berg is a friend of Otto Lind"]
    assert friend.evidence is not None
    assert friend.evidence.quote == "Anna Berg rowed to the island.  She met\nOtto Lind there."


def test_a_json_file_of_something_else_is_no_index(tmp_path: Path):
    (tmp_path / "openie_x.json").write_text('{"pages": []}')
    with pytest.raises(InputError, match="no index"):
        read_extraction(tmp_path)
    (tmp_path / "openie_x.json").write_text('{"docs": 3}')
    with pytest.raises(InputError, match="no list of docs"):
        read_extraction(tmp_path)
