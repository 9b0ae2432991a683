"""Records of structured data: rows with cells, apart from one another, wherever the passage was cut."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.spans.records import records

CATALOGUE = """<catalogue shop="Spoke">
  <product sku="HEL-1"><name>Helmet</name><price currency="EUR">49.90</price><colours><c>red</c><c>blue</c></colours></product>
  <product sku="LCK-2"><name>Lock</name><price currency="EUR">64.50</price></product>
</catalogue>
"""


def cells(text: str) -> list[list[tuple[str, str]]]:
    return [[(key, text[slice(*place)]) for key, place in one.cells] for one in records(text)]


def test_objects_of_a_list_are_records_with_nested_keys():
    text = '{"events": [{"id": "E1", "at": {"city": "Rome"}, "tags": ["a", "b"]}, {"id": "E2", "fee": 0}]}'
    assert cells(text) == [
        [("id", "E1"), ("at city", "Rome"), ("tags", '"a", "b"')],
        [("id", "E2"), ("fee", "0")],
    ]


def test_json_lines_are_records():
    assert cells('{"a": 1, "n": "x"}\n{"a": 2, "n": "y"}\n') == [[("a", "1"), ("n", "x")], [("a", "2"), ("n", "y")]]


def test_a_file_of_settings_is_no_record():
    assert not records('{"port": 80, "log": {"level": "info", "path": "x"}, "hosts": ["a", "b"]}')


def test_elements_of_one_name_are_records_with_their_attributes():
    first, second = cells(CATALOGUE)
    assert first[:4] == [("sku", "HEL-1"), ("name", "Helmet"), ("price", "49.90"), ("price currency", "EUR")]
    assert first[4] == ("colours", "<c>red</c><c>blue</c>")
    assert ("name", "Lock") in second


def test_what_a_passage_cuts_off_is_no_record():
    whole = '{"a": 1, "b": 2}, {"a": 3, "b": 4}, {"a": 5, "b": 6}'
    assert len(cells(whole[5:-3])) == 0 or all(len(one) == 2 for one in cells(whole[5:-3]))
    assert [one[1][1] for one in cells(whole[:-3])] == ["2", "4"]


@given(
    st.lists(
        st.dictionaries(
            st.text("abcdef", min_size=1, max_size=4),
            st.one_of(st.integers(0, 999), st.text(max_size=12), st.booleans()),
            min_size=2,
            max_size=6,
        ),
        min_size=2,
        max_size=6,
    )
)
def test_every_value_of_every_record_is_a_cell(rows: list[dict[str, object]]):
    text = json.dumps(rows, ensure_ascii=False)
    found = cells(text)
    assert [dict(one) for one in found] == [
        {key: json.dumps(value, ensure_ascii=False).strip('"') if not isinstance(value, str) else json.dumps(value, ensure_ascii=False)[1:-1]
         for key, value in row.items()}
        for row in rows
    ]  # fmt: skip


@given(st.text('{}[]<>/="a1, :\n', max_size=300))
def test_any_text_gives_records_in_order_within_it(text: str):
    last = 0
    for one in records(text):
        assert last <= one.start < one.end <= len(text)
        assert all(one.start <= start <= end <= one.end for _, (start, end) in one.cells)
        last = one.end
