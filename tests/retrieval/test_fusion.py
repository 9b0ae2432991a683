from __future__ import annotations

from evidentia.corpus.document import Evidence
from evidentia.retrieval.fusion import by_rank, fuse_calibrated, reciprocal_rank


def _hit(key: int, retriever: str, score: float = 1.0) -> Evidence:
    return Evidence(f"text {key}", score, retriever, f"why {key}", key=key)


def test_what_both_find_comes_before_what_one_finds():
    dense, lexical = [_hit(1, "dense"), _hit(2, "dense")], [_hit(3, "lexical"), _hit(2, "lexical")]
    assert [hit.key for hit in reciprocal_rank([dense, lexical], 3)] == [2, 1, 3]


def test_each_result_names_who_found_it_and_why():
    best = reciprocal_rank([[_hit(1, "dense")], [_hit(2, "lexical"), _hit(1, "lexical")]], 1)[0]
    assert best.retriever == "dense+lexical"
    assert best.why == "dense #1 (why 1); lexical #2 (why 1)"


def test_nothing_found_is_an_empty_list():
    assert reciprocal_rank([[], []], 5) == []


def test_scores_count_not_only_ranks():
    dense = [_hit(1, "dense", 0.9), _hit(2, "dense", 0.3)]
    lexical = [_hit(2, "lexical", 10.0), _hit(1, "lexical", 9.9)]
    assert [hit.key for hit in fuse_calibrated(dense, lexical, [], 2)] == [1, 2]


def test_calibrated_scores_are_log_odds():
    sure = fuse_calibrated([_hit(1, "dense", 0.9)], [_hit(1, "lexical", 20.0)], [], 1)[0]
    doubtful = fuse_calibrated([_hit(1, "dense", 0.1)], [_hit(2, "lexical", 20.0)], [], 2)
    assert sure.score > 0 > max(hit.score for hit in doubtful)


def test_what_the_question_names_is_preferred():
    near = [_hit(1, "dense", 0.5), _hit(2, "dense", 0.45)]
    assert fuse_calibrated(near, [], [[_hit(2, "graph")]], 1)[0].retriever == "graph+dense"


def test_foreign_scores_become_falling_log_odds():
    scores = [hit.score for hit in by_rank([_hit(1, "x", 40.0), _hit(2, "x", 39.0)])]
    assert scores[0] == 0 > scores[1]


def test_calibrated_fusion_of_nothing_is_an_empty_list():
    assert fuse_calibrated([], [], [], 5) == []
