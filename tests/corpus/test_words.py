from __future__ import annotations

from evidentia.corpus.words import content_words, stems, words


def test_identifiers_are_indexed_whole_and_in_parts():
    assert words("shortestPath all_pairs HTTPServer") == [
        "shortestpath",
        "shortest",
        "path",
        "all",
        "pairs",
        "httpserver",
        "http",
        "server",
    ]


def test_stopwords_say_nothing():
    assert content_words("What is the damping factor of PageRank?") == ["damping", "factor", "pagerank", "page", "rank"]


def test_a_question_of_stopwords_only_still_has_words():
    assert stems("to be or not to be") == ["to", "be", "or", "not"]


def test_stems_join_forms_of_a_word():
    assert stems("connected") == stems("connects") == stems("connecting")
