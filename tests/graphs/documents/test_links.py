from __future__ import annotations

import pytest

from evidentia.graphs.documents.links import find_links

KNOWN = {"/d/guide/a.md", "/d/guide/b.md", "/d/top.rst", "/d/api/index.md", "/d/guide/two words.md"}


def _targets(text):
    return [uri for _, uri in find_links(text, "/d/guide/a.md", KNOWN)]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("see [b](b.md)", "/d/guide/b.md"),
        ("see [b](./b.md#part)", "/d/guide/b.md"),
        ("see [b](b)", "/d/guide/b.md"),
        ("see [b](b.html)", "/d/guide/b.md"),
        ("see [w](two%20words.md)", "/d/guide/two words.md"),
        ("see [api](../api)", "/d/api/index.md"),
        ("[b]: b.md", "/d/guide/b.md"),
        ('<a href="../top.rst">top</a>', "/d/top.rst"),
        (":doc:`../top`", "/d/top.rst"),
        (":doc:`the top <../top>`", "/d/top.rst"),
        ("`the top <../top.html>`_", "/d/top.rst"),
        ("[[b|other]]", "/d/guide/b.md"),
    ],
)
def test_links_of_each_kind_lead_to_their_document(text, target):
    assert _targets(text) == [target]


@pytest.mark.parametrize(
    "text", ["[x](https://e.org/b.md)", "[x](#part)", "[x](mailto:a@b.c)", "[x](../../../etc/passwd)", "[x](a.md)", ""]
)
def test_what_leads_elsewhere_or_to_itself_is_no_link(text):
    assert _targets(text) == []
