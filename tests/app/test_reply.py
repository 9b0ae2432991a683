"""What goes out as JSON comes back as it was, whatever a client takes for the end of a line."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from evidentia.app.reply import event


@given(st.text())
def test_an_event_is_one_line_of_data_to_every_client(text: str) -> None:
    lines = event(None, {"text": text}).decode().splitlines()
    assert lines[1:] == [""]
    assert json.loads(lines[0].removeprefix("data: ")) == {"text": text}
