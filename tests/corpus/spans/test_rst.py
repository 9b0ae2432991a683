"""reStructuredText: underlined headings in the order of their styles, directives and literal blocks whole."""

from __future__ import annotations

from typing import Any

PAGE = """=====
Title
=====

Intro.

Part
----

Detail
~~~~~~

Look::

    literal

    more

Next
----

.. code-block:: python

   def f():

       return 1
"""


def test_levels_follow_the_order_in_which_styles_appear(cut: Any) -> None:
    assert [passage.heading for passage, _ in cut(PAGE, "text/x-rst")] == [
        "Title",
        "Title > Part > Detail",
        "Title > Next",
    ]


def test_a_literal_block_stays_with_the_line_that_announces_it(cut: Any) -> None:
    assert [text for _, text in cut(PAGE, "text/x-rst")][1].endswith("Look::\n\n    literal\n\n    more")


def test_a_long_directive_of_code_stays_whole(cut: Any) -> None:
    body = "\n\n".join(f"   value_{number} = compute({number})" for number in range(200))
    found = cut(f"Title\n=====\n\nText.\n\n.. code-block:: python\n\n{body}\n\nAfter.", "text/x-rst")
    assert [passage.kind for passage, text in found if "value_0 " in text and "value_199 " in text] == ["code"]


def test_a_table_stays_whole(cut: Any) -> None:
    rows = "\n".join(f"word{number}  some text here" for number in range(300))
    table = f"=======  ==============\na        b\n=======  ==============\n{rows}\n=======  =============="
    found = cut(f"Text.\n\n{table}\n\nAfter.", "text/x-rst")
    assert [text for passage, text in found if passage.kind == "table"] == [table]


OBJECTS = """Reference
=========

.. class:: Lamp(colour, watts=5)

   A light on a pole.

   :param watts: What it draws.

   .. method:: dim(level)
      dim(level, seconds)

      Lowers the light.

.. option:: --quiet, -q

   Says nothing.

After the objects.
"""


def test_what_a_directive_describes_is_a_heading_of_its_body_until_the_text_is_less_deep(cut: Any) -> None:
    headings = {text.splitlines()[-1].strip(): passage.heading for passage, text in cut(OBJECTS, "text/x-rst")}
    assert headings["Lowers the light."] == "Reference > Lamp > dim"
    assert headings[":param watts: What it draws."] == "Reference > Lamp"
    assert headings["Says nothing."] == "Reference > --quiet, -q"
    assert headings["After the objects."] == "Reference"


def test_a_described_object_without_a_body_is_no_heading(cut: Any) -> None:
    found = cut("Title\n=====\n\n.. method:: stop()\n.. method:: start()\n\nText.", "text/x-rst")
    assert {passage.heading for passage, _ in found} == {"Title"}
