from __future__ import annotations

from typing import Any

import pytest

from evidentia.corpus.quotes import quote_holds
from evidentia.corpus.texts import TextPart
from evidentia.errors import NotFoundError
from evidentia.graphs.knowledge.card import card
from evidentia.graphs.knowledge.facts import read_facts
from evidentia.graphs.knowledge.linking import find_entity, link
from evidentia.graphs.knowledge.listing import most_mentioned
from evidentia.graphs.knowledge.paths import paths
from evidentia.graphs.knowledge.themes import themes


def _facts(text: str, kind: str = "section") -> Any:
    return read_facts(text, "", [TextPart(0, len(text), kind, "")])


def _phrases(text: str) -> set[str]:
    return {normal for normal, _ in _facts(text).phrases}


def test_each_mention_is_where_the_text_has_it():
    text = "Anna Berg met Otto Lind's brother. The old harbour of Oslo burned."
    facts = _facts(text)
    spelled = {text[start:end] for _, start, end, *_ in facts.mentions.tolist()}
    assert {"Anna Berg", "Otto Lind", "Oslo", "old harbour" if "old harbour" in spelled else "harbour"} <= spelled


def test_code_and_data_hold_no_statements():
    assert not _facts("Anna Berg met Otto Lind.", "function").phrases
    assert not _facts('{"name": "Anna Berg"}', "data").phrases


@pytest.mark.parametrize("text", ["", "\n\n", "…", "I", "东京是日本的首都。", "Привет", "а" * 5000])
def test_any_text_has_facts(text: str):
    assert len(_facts(text).sentences) <= 1


def test_a_text_without_capitals_has_terms():
    assert "gross margin" in _phrases("the gross margin of the business fell. it is the gross margin that counts.")


def test_a_contraction_is_no_name():
    assert not _phrases("I'll go. That's it. Don't.")


def test_a_table_of_a_thousand_cells_is_bounded():
    row = "| " + " | ".join(f"Name{at} Berg" for at in range(1000)) + " |"
    assert len(_facts(row).mentions) <= 24


def test_entities_have_their_kinds_and_counts(graph: Any):
    azure, margin = graph.find("azure"), graph.find("gross margin")
    assert (graph.name(azure), graph.kind(azure), graph.count(azure), graph.documents_of(azure)) == (
        "Azure",
        "name",
        3,
        2,
    )
    assert graph.kind(margin) == "term"
    assert graph.kind(graph.find("17 june 1970")) == "date"


def test_an_abbreviation_and_a_legal_form_are_merged_with_their_reasons(graph: Any):
    found = {(one.one, one.other): one.reason for one in graph.merges}
    assert found == {("cc", "constant currency"): "abbreviation", ("microsoft corporation", "microsoft"): "legal form"}
    assert graph.find("CC") == graph.find("constant currency")


def test_a_merge_can_be_taken_back_and_allowed_again(shelf: Any):
    shelf.graph.separate("constant currency", "cc")
    graph = shelf.graph.graph()
    assert graph.find("CC") != graph.find("constant currency")
    shelf.graph.separate("constant currency", "cc", apart=False)
    graph = shelf.graph.graph()
    assert graph.find("CC") == graph.find("constant currency")


def test_a_deleted_document_takes_its_support_away(shelf: Any):
    shelf.graph.graph()
    shelf.drop("q2.md")
    graph = shelf.graph.graph()
    assert graph.find("Amy Hood") is None
    assert graph.count(graph.find("Azure")) == 1


def test_an_edited_document_says_what_it_says_now(shelf: Any):
    shelf.graph.graph()
    shelf.put("q2.md", "# Second call\n\nAmy Hood left.\n")
    graph = shelf.graph.graph()
    assert graph.find("Office 365") is None
    assert graph.count(graph.find("Azure")) == 1


def test_every_sentence_of_a_card_is_verbatim(shelf: Any, graph: Any):
    quotes = shelf.graph.quotes()
    found = card(quotes, find_entity(graph, "Satya Nadella"))
    assert found.defined
    assert "chief executive officer" in found.what[0].quote
    assert all(quote_holds(shelf.store, one) for one in [*found.what, *(each.evidence for each in found.relations)])
    assert "Microsoft" in {graph.name(each.target) for each in found.relations}


def test_a_chain_goes_over_the_page_of_what_lies_between(shelf: Any, graph: Any):
    chains = paths(shelf.graph.quotes(), find_entity(graph, "LinkedIn"), find_entity(graph, "Yahoo"))
    names = [[graph.name(one) for one in chain.entities] for chain in chains]
    assert ["LinkedIn", "Jeff Weiner", "Yahoo"] in names
    chain = chains[names.index(["LinkedIn", "Jeff Weiner", "Yahoo"])]
    assert [hop.evidence.quote for hop in chain.hops] == [
        "LinkedIn hired Jeff Weiner.",
        "Before that he worked for Yahoo.",
    ]
    assert [one.quote for one in chain.hops[1].evidence.governors] == ["# Jeff Weiner"]
    assert all(quote_holds(shelf.store, hop.evidence) for hop in chain.hops)


def test_there_is_no_chain_to_what_stands_alone(shelf: Any):
    shelf.put("q4.md", "# Alone\n\nZanzibar burned.\n")
    graph = shelf.graph.graph()
    assert paths(shelf.graph.quotes(), find_entity(graph, "Zanzibar"), find_entity(graph, "Azure")) == []


def test_a_name_is_found_however_it_is_written(shelf: Any, graph: Any):
    assert find_entity(graph, "June 17, 1970") == find_entity(graph, "17 June 1970") is not None
    assert find_entity(graph, "the AZURE") == graph.find("Azure")
    with pytest.raises(NotFoundError) as error:
        link(shelf.store, graph, "Office 2000")
    assert "Office 365" in error.value.suggestions


def test_companies_are_those_that_the_documents_call_so(shelf: Any, graph: Any):
    found, complete = most_mentioned(shelf.graph.quotes(), "companies")
    assert not complete
    assert {graph.name(one.entity) for one in found} >= {"Yahoo"}
    assert "Amy Hood" not in {graph.name(one.entity) for one in found}


def test_a_list_of_all_names_is_complete(shelf: Any, graph: Any):
    found, complete = most_mentioned(shelf.graph.quotes(), "names")
    assert complete
    assert len(found) == sum(graph.kind(one) == "name" and graph.count(one) > 0 for one in graph.entities)


def test_themes_are_told_by_sentences_that_hold_and_do_not_repeat(new_shelf: Any, tmp_path: Any):
    shelf = new_shelf(tmp_path / "themes")
    for at in range(6):
        shelf.put(
            f"a{at}.md",
            f"The solar panel and the battery of plant {at}00 were sold with the inverter. Solar panel costs fell with the battery.\n",
        )
        shelf.put(
            f"b{at}.md",
            f"The court heard the witness in case {at}00 and the judge listened. The judge asked the court for the witness.\n",
        )
    quotes = shelf.graph.quotes()
    found = themes(quotes, shelf.graph.communities())
    said = [one.quotes[0].quote for one in found if one.quotes]
    assert len(said) == len(set(said)) >= 2
    assert all(quote_holds(shelf.store, each) for one in found for each in one.quotes)
    kept = shelf.store.connection.execute("SELECT count(*) FROM knowledge_reports").fetchone()[0]
    assert kept == len(found)
    themes(shelf.graph.quotes(), shelf.graph.communities())
    assert shelf.store.connection.execute("SELECT count(*) FROM knowledge_reports").fetchone()[0] == kept


def test_an_entity_with_thousands_of_mentions_is_answered(new_shelf: Any, tmp_path: Any):
    shelf = new_shelf(tmp_path / "many")
    shelf.put("hub.md", "Zeta met Omega.\n\n" * 4000)
    graph = shelf.graph.graph()
    assert graph.count(graph.find("Zeta")) == 4000
    assert len(card(shelf.graph.quotes(), find_entity(graph, "Zeta")).relations) == 1


def test_facts_of_an_older_form_are_read_again(shelf: Any):
    shelf.graph.graph()
    shelf.store.connection.execute("UPDATE knowledge_facts SET form = 'old'")
    with shelf.store.writing():
        assert shelf.graph.update() == 3
        assert shelf.graph.update() == 0
