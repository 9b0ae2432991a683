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
        ("Which documents mention Azure?", "documents", {"name": "Azure"}),
        ("How many of the reports talk about carbon removal?", "documents", {"name": "carbon removal"}),
        ("In which transcripts is LinkedIn mentioned?", "documents", {"name": "LinkedIn"}),
        ("What changed between 2019 and 2021?", "time", {"since": "2019", "until": "2021"}),
        (
            "What has happened to Azure between March 2019 and 5 May 2021?",
            "time",
            {"about": "Azure", "since": "March 2019", "until": "5 May 2021"},
        ),
        ("What changed since 2020 with the gross margin?", "time", {"about": "the gross margin", "since": "2020"}),
        ("How has the gross margin changed over the years?", "time", {"about": "the gross margin"}),
        (
            "How have Microsoft's revenue targets evolved over the past 10 years?",
            "time",
            {"about": "Microsoft's revenue targets"},
        ),
        ("Give me a timeline of LinkedIn", "time", {"about": "LinkedIn"}),
        ("What is the table of contents of the library?", "outline", {}),
        ("How are these documents organised?", "outline", {}),
        ("What do these calls say about pricing?", "global", {"about": "pricing"}),
        ("Summarize what the reports say about risks.", "global", {"about": "risks"}),
        (
            "What strategic initiatives have been highlighted by the CEO in the presentations?",
            "global",
            {"about": "strategic initiatives"},
        ),
        ("Which risks are discussed in the minutes?", "global", {"about": "risks"}),
        (
            "What are the key financial performance metrics discussed in the transcripts?",
            "global",
            {"about": "key financial performance metrics"},
        ),
        ("What is said about Azure?", "local", {"about": "Azure"}),
        ("What do we know about Otto Lind?", "local", {"about": "Otto Lind"}),
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
What is mentioned in chapter 3?
What happened in 2019?
What changed in version 2.0?
What changed between version 2021 and version 2022?
What has changed?
How has the default changed?
How has the API changed since 2.0?
Which document describes the installation?
Which documents do I need to apply?
How many documents can I upload?
In which file are the settings?
What is the structure of a request?
What is the outline of the course?
What does the warranty say about batteries?
What do I know about the risks I take?
What is written to the log?
What is reported on the dashboard?
How is the total reported in the invoice?
What was shown in the first slide?
Tell me about the length of one side
Summarize the second paragraph in the introduction
""".strip().splitlines()


@pytest.mark.parametrize("question", PLAIN)
def test_a_plain_question_stays_with_the_search(question: str):
    assert match_knowledge(question) is None
