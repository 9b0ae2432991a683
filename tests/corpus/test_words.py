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


def test_scripts_without_spaces_are_cut_into_pairs():
    assert words("用Python写代码") == ["用", "python", "写代", "代码"]
    assert words("東京") == ["東京"]


def test_full_width_letters_are_as_any_others():
    assert words("ＡＢＣ１２３") == words("abc123")


def test_words_that_ask_are_no_content_in_other_languages():
    assert content_words("灯塔是什么时候建成的？") == ["灯塔", "建成"]
    assert content_words("Wann wurde der Turm gebaut?", "de") == ["turm", "gebaut"]


def test_stems_follow_the_language_and_forget_accents():
    assert stems("Fähre", "de") == stems("Fähren", "de")
    assert stems("résumé") == stems("resume")
