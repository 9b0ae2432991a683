from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from evidentia import Settings
from evidentia.errors import InputError


def test_a_variable_replaces_the_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_MAX_FILE_BYTES", "5")
    assert Settings.from_env().max_file_bytes == 5


def test_every_default_that_is_written_out_is_taken_as_such(monkeypatch: pytest.MonkeyPatch):
    for each in fields(Settings):
        if each.default is not MISSING and isinstance(each.default, (str, int)):
            monkeypatch.setenv(f"EVIDENTIA_{each.name.upper()}", str(each.default))
    assert Settings.from_env() == Settings()


@pytest.mark.parametrize("value", ["many", "0", "-1", "1e3"])
def test_a_limit_that_is_no_whole_number_above_0_names_its_variable(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("EVIDENTIA_MAX_QUESTION_CHARS", value)
    with pytest.raises(InputError, match="EVIDENTIA_MAX_QUESTION_CHARS"):
        Settings.from_env()


def test_no_long_inputs_can_be_said_as_they_are_documented(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_LONG_INPUTS", "0")
    assert Settings.from_env() == Settings(long_inputs=0)
