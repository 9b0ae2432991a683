"""Words of a question that say which of several symbols of one name is meant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidentia import Library, Settings
from evidentia.agents.tools.narrowing import take_narrowing

_FILES = {
    "go.mod": "module shop\n",
    "web/till.ts": (
        "export class Till {\n  ring(n: number) { return n }\n  day() { return this.ring(1) }\n}\n"
        "export function openDrawer() { return new Till().ring(2) }\n"
    ),
    "py/till.py": (
        "class DrawerError(Exception):\n    pass\n\n\nclass Till:\n    def ring(self, n):\n"
        "        if n < 0:\n            raise DrawerError(n)\n        return n\n\n\n"
        "def count_drawer():\n    return Till().ring(3)\n\n\ndef _helper():\n    return 1\n\n\ndef first():\n    return _helper()\n"
    ),
    "py/other.py": "def _helper():\n    return 2\n\n\ndef second():\n    return _helper()\n",
    "sale/basket/items.go": "package basket\n\nfunc NewBasket() int { return 1 }\n",
    "sale/main.go": 'package main\n\nimport "shop/sale/basket"\n\nfunc main() { basket.NewBasket() }\n',
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("shop")
    for path, text in _FILES.items():
        (folder / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "shop" / path).write_text(text)
    with Library(folder / "library", settings=Settings(embedder="hash")) as found:
        found.add(folder / "shop")
        yield found


@pytest.mark.parametrize(
    ("question", "plain", "language", "file"),
    [
        ("Which Rust functions call mill?", "Which functions call mill?", "Rust", ""),
        ("Who calls mill in the JavaScript?", "Who calls mill?", "JavaScript", ""),
        ("Who calls mill in the .NET code?", "Who calls mill?", "C#", ""),
        ("What does TypeScript's Mill.turn call?", "What does Mill.turn call?", "TypeScript", ""),
        ("Who calls mill in src/a/mill.rs?", "Who calls mill?", "", "src/a/mill.rs"),
        ("Who calls go?", "Who calls go?", "", ""),
    ],
)
def test_the_words_are_taken_out_of_the_question(question: str, plain: str, language: str, file: str) -> None:
    text, found = take_narrowing(question)

    assert (text.rstrip("?"), found.language, found.file) == (plain.rstrip("?"), language, file)


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("Who calls the Python function Till.ring?", "count_drawer", "openDrawer"),
        ("Who calls Till.ring in the TypeScript?", "openDrawer", "count_drawer"),
        ("Who calls Till.ring in web/till.ts?", "openDrawer", "count_drawer"),
        ("Who calls _helper in py/other.py?", "second", "first"),
        ("Who calls _helper in py/till.py?", "first", "second"),
        ("How does count_drawer get to Till.ring in py/till.py?", "py.till.Till.ring", "openDrawer"),
        ("What does day of the TypeScript Till call?", "Till.ring", "count_drawer"),
        ("Who calls the till module's _helper?", "first", "second"),
        ("Where is NewBasket of the sale basket implemented?", "items.go", "till.py"),
        ("Where is NewBasket defined for Windows?", "items.go", "till.ts"),
    ],
)
def test_the_symbol_that_is_meant_is_answered_for(library: Library, question: str, has: str, lacks: str) -> None:
    answer = library.ask(question)

    assert answer.status == "rows"
    assert has in answer.text
    assert lacks not in answer.text


def test_no_other_file_and_no_other_language_is_taken_instead(library: Library) -> None:
    for question in ("Who calls count_drawer in py/other.py?", "Who calls count_drawer in the Go code?"):
        answer = library.ask(question)
        assert answer.status == "not_found"
        assert "py/till.py" in answer.text


def test_one_name_in_several_languages_is_answered_for_each(library: Library) -> None:
    answer = library.ask("Who calls Till.ring?")

    assert "count_drawer" in answer.text
    assert "openDrawer" in answer.text
    assert "Python: " in answer.text
    assert "TypeScript: " in answer.text


def test_a_package_of_go_goes_by_its_folder(library: Library) -> None:
    assert "main" in library.ask("Who calls basket.NewBasket?").text


def test_the_errors_that_a_function_raises_are_its_own(library: Library) -> None:
    answer = library.ask("Which errors does Till.ring throw in Python?")

    assert "DrawerError" in answer.text
    assert answer.status == "rows"
