"""Questions that are made from what a library holds."""

from __future__ import annotations

from pathlib import Path

from evidentia import Library, Settings


def test_an_empty_library_has_none(tmp_path: Path):
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        assert library.examples() == []
        assert library.documents() == []


def test_they_name_what_is_there_and_are_answered(tmp_path: Path):
    source = tmp_path / "pier"
    source.mkdir()
    (source / "gate.py").write_text(
        "class Gate: ...\nclass Lock(Gate): ...\n\ndef shut(): ...\n\ndef close():\n    shut()\n\ndef leave():\n    shut()\n"
    )
    (source / "rules.md").write_text("# Opening hours\n\nThe pier closes at 10 pm.\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(source)
        questions = library.examples()
        assert questions[:2] == ["Who calls `shut`?", "Which classes inherit from `Gate`?"]
        assert "Where is “Opening hours” described?" in questions
        assert [library.ask(question).status for question in questions[:2]] == ["rows", "rows"]
        assert "10 pm" in library.ask(questions[2]).text
        assert [each["name"] for each in library.documents()] == ["pier/gate.py", "pier/rules.md"]


def test_code_of_methods_alone_has_a_question_too(tmp_path: Path):
    source = tmp_path / "pier"
    source.mkdir()
    (source / "gate.py").write_text(
        "class Gate:\n    def open(self):\n        self.move()\n\n    def move(self): ...\n"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(source)
        (question,) = library.examples()
        assert question == "Who calls `Gate.move`?"
        assert library.ask(question).status == "rows"


def test_headings_of_one_word_are_asked_about_where_there_are_few_longer_ones(tmp_path: Path):
    source = tmp_path / "pier"
    source.mkdir()
    (source / "rules.md").write_text(
        "# Introduction\n\nWelcome.\n\n# Fees\n\nA day ticket costs 5 euros.\n\n# Boats\n\nRowing boats are let.\n"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(source)
        questions = library.examples()
        assert questions == ["Where is “Fees” described?", "Where is “Boats” described?"]
        assert ["5 euros" in library.ask(questions[0]).text, "Rowing" in library.ask(questions[1]).text] == [True, True]
