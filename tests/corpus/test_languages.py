from __future__ import annotations

import pytest

from evidentia.corpus.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wann öffnet das Museum am Hafen?", "de"),
        ("Combien de places y a-t-il dans la salle ?", "fr"),
        ("¿Cuándo abre el museo de la ciudad?", "es"),
        ("Quanto costa il biglietto per la torre?", "it"),
        ("灯塔是哪一年建成的？", "zh"),
        ("灯台はいつ建てられましたか", "ja"),
        ("등대는 언제 지어졌습니까?", "ko"),
        ("Когда открывается музей?", "ru"),
        ("When does the museum open?", "en"),
        ("die casting", "en"),
        ("What does vis-à-vis mean?", "en"),
        ("retry_limit 5", "en"),
        ("", "en"),
        ("| GIG | Rio de Janeiro | Brazil | Galeão | " * 6 + "| CDG | Charles de Gaulle | France |", "en"),
    ],
)
def test_script_and_function_words_tell_the_language(text: str, language: str):
    assert language_of(text) == language
