"""Bytes to text, without a character shifted."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.files.decode import decode, is_binary
from evidentia.errors import ReadError

RUSSIAN = "Настоящий документ описывает порядок установки программы на компьютер.\n"
JAPANESE = "この文書ではプログラムのインストール手順を説明します。作業を始める前に確認してください。\n"


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_utf_8_comes_through_character_by_character(text: str) -> None:
    assert decode(text.encode()).text == text.removeprefix("\ufeff")


@given(st.binary())
def test_whatever_is_decoded_can_be_stored(data: bytes) -> None:
    try:
        text = decode(data).text
    except ReadError:
        return
    assert "\0" not in text
    text.encode()


def test_line_ends_are_kept() -> None:
    assert decode(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(encoding: str) -> None:
    decoded = decode("\ufeffnaïve 𝄞".encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.damage) == ("naïve 𝄞", encoding, "")


def test_utf_16_that_is_cut_off_says_where() -> None:
    with pytest.raises(ReadError, match="begins as UTF-16-LE and is damaged at byte 6"):
        decode("\ufeffab".encode("utf-16-le") + b"x")


@pytest.mark.parametrize(
    "data",
    [
        b"# -*- coding: latin-1 -*-\nname = 'Jos\xe9'\n",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>Jos\xe9</a>",
        b"<html><meta charset=iso-8859-1>Jos\xe9",
    ],
)
def test_what_a_file_declares_is_believed_where_it_fits(data: bytes) -> None:
    decoded = decode(data)
    assert "José" in decoded.text
    assert decoded.metadata == {"encoding": "iso8859-1"}


def test_a_declaration_is_not_believed_against_the_bytes() -> None:
    assert decode("# coding: latin-1\n# José".encode()).text == "# coding: latin-1\n# José"
    assert decode(b"# coding: rot13\n# Jos\xe9").encoding == "cp1252"


def test_a_few_bad_bytes_do_not_spoil_the_rest_of_utf_8() -> None:
    decoded = decode("Größe, Fuß, Tür".encode() + b"\xff.")
    assert decoded.text == "Größe, Fuß, Tür\ufffd."
    assert decoded.metadata == {"encoding_note": "bytes that are not valid UTF-8 were replaced"}


@pytest.mark.parametrize("text", ["é", "Café – 5 €", "Die Größe der Straße ist für Fußgänger geeignet. " * 20])
def test_western_text_without_any_hint_is_windows_1252(text: str) -> None:
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "cp1252")
    assert "guess" in decoded.metadata["encoding_note"]


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift-jis")])
def test_another_script_is_recognized_where_there_is_enough_of_it(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_nul_means_binary_unless_a_byte_order_mark_explains_it() -> None:
    assert is_binary(b"ab\0c")
    assert not is_binary(codecs.BOM_UTF16_LE + b"a\0")
    with pytest.raises(ReadError, match="not text"):
        decode(b"text" * 5000 + b"\0")


def test_a_line_of_many_megabytes_is_only_a_line() -> None:
    assert len(decode(b"x" * 20_000_000).text) == 20_000_000
    assert len(decode(b"\xe9x" * 1_000_000).text) == 2_000_000
