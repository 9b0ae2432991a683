from __future__ import annotations

from evidentia.retrieval.base import Evidence
from evidentia.retrieval.fusion import reciprocal_rank


def _hit(key: int, retriever: str) -> Evidence:
    return Evidence(f"text {key}", 1.0, retriever, f"why {key}", key=key)


def test_what_both_find_comes_before_what_one_finds():
    dense, lexical = [_hit(1, "dense"), _hit(2, "dense")], [_hit(3, "lexical"), _hit(2, "lexical")]
    assert [hit.key for hit in reciprocal_rank([dense, lexical], 3)] == [2, 1, 3]


def test_each_result_names_who_found_it_and_why():
    best = reciprocal_rank([[_hit(1, "dense")], [_hit(2, "lexical"), _hit(1, "lexical")]], 1)[0]
    assert best.retriever == "dense+lexical"
    assert best.why == "dense #1 (why 1); lexical #2 (why 1)"


def test_nothing_found_is_an_empty_list():
    assert reciprocal_rank([[], []], 5) == []
