"""A repaired text is read from the tree of the text before it, and gives the very tree that reading it anew gives."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.grammars import grammar_of, tree_after, tree_of
from evidentia.graphs.code.languages.c import repairs

TEXT = """#ifndef GATE_H
#define GATE_H
namespace gate {
#ifdef WIDE
int open(int width) {
#else
int open() {
#endif
  return 1;  // größer
}
PY_MACRO_LINE
class Key { public: int WINAPI turn(); };
}
#endif
"""


@pytest.mark.parametrize(
    "repair",
    [repairs.bare_macros, repairs.conventions, repairs.all_branches, repairs.whole_branches, repairs.first_branches],
)
def test_the_tree_after_a_repair_is_that_of_the_text(repair: object):
    grammar = grammar_of("gate.hpp", TEXT)
    assert grammar is not None
    before = tree_of(TEXT, grammar)
    assert before is not None
    changed = repair(TEXT)  # type: ignore[operator]
    after, anew = tree_after(changed, grammar, TEXT, before), tree_of(changed, grammar)
    assert after is not None
    assert anew is not None
    assert str(after.root_node) == str(anew.root_node)
    assert before.root_node.has_error  # the tree of the text before is as it was
