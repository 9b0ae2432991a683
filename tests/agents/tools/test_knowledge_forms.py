"""Which questions go to the knowledge graph, and above all: which do not."""

from __future__ import annotations

import pytest

from evidentia.agents.tools.knowledge import match_knowledge


@pytest.mark.parametrize(
    ("question", "verb", "arguments"),
    [
        ("What are the main themes of these calls?", "themes", {}),
        ("what are the key topics in the documents", "themes", {}),
        ("Which topics are discussed across all of the transcripts?", "themes", {}),
        ("Please summarize the main themes.", "themes", {}),
        ("What are these documents about?", "themes", {}),
        ("What are the recurring themes in the discussions with analysts?", "themes", {"about": "analysts"}),
        (
            "How are Contoso and the Fabrikam merger related?",
            "path",
            {"start": "Contoso", "end": "the Fabrikam merger"},
        ),
        ("How is Anna Berg connected to Otto Lind?", "path", {"start": "Anna Berg", "end": "Otto Lind"}),
        ("What connects Oslo and Nordic Steel?", "path", {"start": "Oslo", "end": "Nordic Steel"}),
        ("What is the relationship between Azure and LinkedIn?", "path", {"start": "Azure", "end": "LinkedIn"}),
        ("Compare Azure and LinkedIn.", "compare", {"start": "Azure", "end": "LinkedIn"}),
        ("Which companies are mentioned?", "mentioned", {"kind": "companies"}),
        ("How many people are mentioned in these documents?", "mentioned", {"kind": "people"}),
        ("List all the places mentioned in the reports", "mentioned", {"kind": "places"}),
        ("Where is `add_edge` documented?", "documented", {"name": "`add_edge`"}),
        ("Where is Graph.add_edge described in the docs?", "documented", {"name": "Graph.add_edge"}),
        ("where is add_edge() mentioned", "documented", {"name": "add_edge()"}),
        ("Which pages mention DiGraph?", "documented", {"name": "DiGraph"}),
        ("Which docs does this change make stale?", "stale", {}),
        ("Which documents do my changes since HEAD~3 make outdated?", "stale", {"revision": "HEAD~3"}),
        ("What documentation is out of date since v1.2?", "stale", {"revision": "v1.2"}),
    ],
)
def test_a_question_about_the_whole_or_about_two_goes_to_the_graph(question: str, verb: str, arguments: dict[str, str]):
    found = match_knowledge(question)
    assert found is not None
    assert (found.verb.name, found.arguments) == (verb, arguments)


PLAIN = """
What is the default timeout?
Who is the chief executive officer of Microsoft?
When did Lothair II's mother die?
What are the main features of the router?
What are the main steps of an installation?
What topics can a subscriber listen to?
Which topic does the broker publish to?
What is the theme of the dark mode called?
How do I change the theme?
Which themes does the editor ship with?
What does chapter 3 cover?
What is this document about penguins called?
What is the difference between a list and a tuple?
What is the difference between Azure and LinkedIn?
How does the client connect to the server?
How do I connect to the database?
How is the price calculated?
How are errors handled and logged?
How are passwords stored?
What links to the index page?
Is Anna Berg related to Otto Lind?
Which is faster, Fastify or Express?
Compare the two dates in Excel how?
Which companies were founded in 1999?
Which people work in Oslo?
Who is mentioned first?
Which countries does the warranty cover?
How many people attended the meeting?
How many employees does Contoso have?
Where is the word mentioned?
What are the names of the parameters?
Which names may a variable have?
What is the subject of the mail?
What are the subjects that the school teaches?
What are the requirements?
What did Amy Hood say about margins?
List all options of the command.
What is the relationship field for?
Where is the warranty described?
Where is the damping factor of PageRank documented, and what is its default?
Where is London mentioned?
Which documents are outdated?
Which documents are out of date since the merger?
Which pages mention penguins?
Which manuals cover the pump?
""".strip().splitlines()


@pytest.mark.parametrize("question", PLAIN)
def test_a_plain_question_stays_with_the_search(question: str):
    assert match_knowledge(question) is None
