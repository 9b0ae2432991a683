"""Subtitles: what is said, in whole sentences, with the time of each cue."""

from __future__ import annotations

import pytest

from evidentia.corpus.files import subtitles
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import format_of


def read(text: str, name: str = "a.srt") -> Content:
    form = format_of(name)
    assert form is not None
    return subtitles.read(text.encode(), form)


def test_sentences_go_on_over_cues_and_each_cue_is_marked_with_its_time() -> None:
    content = read(
        "1\r\n00:00:01,000 --> 00:00:03,000\r\nThe crane was moved\r\nfrom Monday\r\n\r\n"
        "2\r\n00:00:03,100 --> 00:00:05,000\r\n<i>to</i> {\\an8}Thursday. It is\r\n\r\n"
        "3\r\n01:02:03,500 --> 01:02:05,000\r\nlate.\r\n"
    )
    assert content.text == "The crane was moved from Monday to Thursday. It is\n\nlate."
    places = [(content.text[mark.start :][:3], mark.label, mark.line) for mark in content.marks]
    assert places == [("The", "0:00:01", 3), ("to ", "0:00:03", 8), ("lat", "1:02:03", 12)]
    assert content.metadata == {"cues": "3"}


def test_speakers_are_kept_and_each_turn_is_a_paragraph() -> None:
    content = read(
        "WEBVTT - Talk\n\nNOTE not said\n\nSTYLE\n::cue { color: red }\n\n"
        "one\n00:01.000 --> 00:02.000 align:start\n<v Ada Moss>Is it &lt; 5 tons?</v>\n\n"
        "00:02.000 --> 00:03.000\n<v Ada Moss>I think</v>\n<v.loud Bob>No.</v>\n\n"
        "00:03.000 --> 00:04.000\n- Stop!\n- Why?\n\n00:04.000 --> 00:05.000\nCy: Let it be.\n",
        "a.vtt",
    )
    assert content.text == "Ada Moss: Is it < 5 tons? I think\n\nBob: No.\n\nStop!\n\nWhy?\n\nCy: Let it be."


def test_captions_that_roll_are_told_once() -> None:
    rolled = "WEBVTT\n\n"
    lines = ["the crane", "comes<00:00:02.000><c> on</c>", "Monday", "at nine"]
    for number in range(len(lines)):
        shown = "\n".join(lines[max(0, number - 1) : number + 1])
        rolled += f"00:0{number}.000 --> 00:0{number + 1}.000\n{shown}\n\n"
    assert read(rolled, "a.vtt").text == "the crane comes on Monday at nine"


def test_cues_without_blank_lines_between_are_told_apart() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:02,000 --> 00:00:03,000\ntwo.\n"
    assert read(text).text == "One two."


@pytest.mark.parametrize("text", ["", "No cues here.\n", "WEBVTT\n\nOnly a header\n"])
def test_a_file_without_cues_is_plain_text(text: str) -> None:
    content = read(text)
    assert (content.text, content.media_type) == (text, "text/plain")


@pytest.mark.parametrize(
    "hostile",
    [
        "00:00:01,000 --> 00:00:02,000\n" * 20_000,
        "00:00:01,000 --> 00:00:02,000\n" + "<v a>" * 100_000,
        "00:00:01,000 --> 00:00:02,000\n" + "<" * 300_000,
        "00:00:01,000 --> 00:00:02,000\n" + "{\\a" * 200_000,
        "999:99:99,999 --> 00:00:00,000\nx",
    ],
)
def test_cues_beyond_all_measure_end(hostile: str) -> None:
    read(hostile)
