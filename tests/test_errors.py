from __future__ import annotations

import inspect

from evidentia import errors


def test_the_message_says_what_where_and_what_to_do():
    error = errors.EvidentiaError("no such file", where="notes.md", fix="check the path")
    assert str(error) == "no such file: notes.md. Check the path."


def test_did_you_mean_reads_as_a_question():
    error = errors.NotFoundError("no symbol named shortest_pth", suggestions=("shortest_path",))
    assert str(error) == "no symbol named shortest_pth. Did you mean shortest_path?"


def test_the_drawn_tree_is_the_real_one():
    drawn = errors.__doc__ or ""
    classes = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.EvidentiaError)]
    for cls in classes:
        line = next(line for line in drawn.splitlines() if cls.__name__ in line)
        if cls is not errors.EvidentiaError:
            assert f"exit {cls.exit_code}, HTTP {cls.status}" in line


def test_a_question_as_advice_ends_in_its_own_mark_and_a_long_place_is_cut():
    error = errors.InputError("the question is empty", where="x" * 1000, fix="ask: What does it do?")
    assert str(error).endswith("x…. Ask: What does it do?")
    assert len(str(error)) < 400
