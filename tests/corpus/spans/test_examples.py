from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.spans.examples import examples

CONSOLE = """Ask it so:
```console
$ evidentia ask "How old was it?"
It was 40 years old. [1]
```
The number opens the document."""
LIST = """- one item
  ```
  printed
  ```
- another"""
LITERAL = """It prints the ages,
oldest first::

    40 years
    39 years

Then it ends."""


def _shown(text: str, name: str) -> list[str]:
    return [text[start:end] for start, end in examples(text, name)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("README.md", CONSOLE, [CONSOLE[CONSOLE.index("```c") : CONSOLE.index("\nThe")]]),
        ("a.md", LIST, ["```\n  printed\n  ```"]),
        ("a.md", "Text.\n\n    x = 1\n    y = 2\n\nMore.", ["x = 1\n    y = 2"]),
        ("a.rst", LITERAL, ["40 years\n    39 years"]),
        ("a.rst", ".. code-block:: python\n\n    x = 1\n\nText.", [".. code-block:: python\n\n    x = 1"]),
        ("a.rst", ">>> age()\n40", [">>> age()\n40"]),
        ("a.rst", ".. note::\n\n    It is old.", []),
        ("a.md", "It was 40 years old.", []),
    ],
)
def test_what_is_typed_or_printed_is_an_example_and_what_announces_it_is_not(
    name: str, text: str, expected: list[str]
) -> None:
    assert _shown(text, name) == expected


def test_code_of_its_own_is_no_example() -> None:
    assert examples("```\nx\n```", "evidentia/a.py") == []


def test_nothing_in_nothing() -> None:
    assert examples("", "a.rst") == examples("\n", "a.md") == []


LINES = st.sampled_from(["a::", "    b", "", "```", ">>> c", ".. code::", "..\tcode:: d", "- e", "===", "F", "\tg"])


@given(st.lists(LINES), st.sampled_from(["a.md", "a.rst"]))
def test_examples_lie_in_the_text_in_order_and_begin_and_end_with_something(rows: list[str], name: str) -> None:
    text = "\n".join(rows)
    found = examples(text, name)
    assert all(start < end and text[start:end].strip() == text[start:end] for start, end in found)
    assert sorted(found) == found
