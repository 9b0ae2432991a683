"""Names say what they name: no public class name stands twice, no function is called by a participle alone.

Each limit is what is left to rename; it only ever becomes smaller. ``python scripts/house.py --names`` lists the names.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.scripts import house

REPEATED_CLASSES = 0
PARTICIPLES = 0
WITHOUT_SUBJECT = 0


@pytest.fixture(scope="module")
def modules() -> list[house.Module]:
    return house.modules()


def test_no_more_public_class_names_stand_twice_than_before(modules: list[house.Module]) -> None:
    repeated = house.repeated_classes(modules)
    assert len(repeated) <= REPEATED_CLASSES, repeated


def test_no_more_functions_are_named_by_a_participle_alone_than_before(modules: list[house.Module]) -> None:
    found = [*map(str, house.participles(modules))]
    assert len(found) <= PARTICIPLES, found


@pytest.mark.parametrize("name", ["told", "_found", "_joined", "written"])
def test_a_participle_alone_is_known(name: str) -> None:
    assert house.participles([module_of(f"def {name}(): pass")])


@pytest.mark.parametrize("name", ["read", "split", "embed", "seed", "join_lines", "is_found", "found_in"])
def test_verbs_and_nouns_are_no_participles(name: str) -> None:
    assert not house.participles([module_of(f"def {name}(): pass")])


def test_no_call_names_more_than_five_arguments_by_their_place_alone(modules: list[house.Module]) -> None:
    assert not [*map(str, house.long_calls(modules))]


def test_a_call_of_six_arguments_is_known() -> None:
    assert house.long_calls([module_of("f(1, 2, 3, 4, 5, 6)")])
    assert not house.long_calls([module_of("f(1, 2, 3, 4, 5, *more, six=6)")])


def test_a_docstring_begins_with_what_it_is_about(modules: list[house.Module]) -> None:
    found = [*map(str, house.without_subject(modules))]
    assert len(found) <= WITHOUT_SUBJECT, found


def test_a_docstring_without_a_subject_is_known() -> None:
    assert house.without_subject([module_of('def name(): "Of a document."')])
    assert not house.without_subject([module_of('def name(): "Often a document\'s."')])


def module_of(text: str) -> house.Module:
    return house.Module(Path("made.py"), text)


def test_no_import_points_upwards() -> None:
    assert house.figures()["arrows that point upwards"] == 0
