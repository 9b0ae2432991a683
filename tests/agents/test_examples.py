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
