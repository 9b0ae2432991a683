"""Python: one passage per function, class header and stretch of module code, under its qualified name."""

from __future__ import annotations

from typing import Any

MODULE = '''"""About ranks."""

import math

# Why it is cached.
@cache(size=1)
def rank(graph, alpha: float = 0.85, *rest: int, key=None, **more) -> dict:
    """Doc."""
    def inner():
        pass
    return inner


LIMIT = 3


class Base(Other, metaclass=Meta):
    """Class doc."""

    size: int = 1

    def first(self):
        return 1

    width = 2

    class Nested:
        async def second(self): ...


def last(): return 0
'''


def test_each_definition_is_a_passage_under_its_qualified_name(cut: Any) -> None:
    found = [(passage.kind, passage.heading) for passage, _ in cut(MODULE, "text/x-python", "pkg/ranks.py")]
    assert found == [
        ("module", "ranks"),
        ("function", "ranks.rank(graph, alpha=0.85, *rest, key=None, **more)"),
        ("module", "ranks"),
        ("class", "ranks.Base(Other)"),
        ("function", "ranks.Base.first(self)"),
        ("class", "ranks.Base(Other)"),
        ("class", "ranks.Base.Nested"),
        ("function", "ranks.Base.Nested.second(self)"),
        ("function", "ranks.last()"),
    ]


def test_a_function_has_its_decorators_its_comment_and_its_inner_functions(cut: Any) -> None:
    text = cut(MODULE, "text/x-python")[1][1]
    assert text.startswith("# Why it is cached.\n@cache(size=1)\ndef rank(")
    assert text.endswith("return inner")


def test_comments_that_stand_alone_between_definitions_belong_to_the_next(cut: Any) -> None:
    found = cut("def f(): ...\n\n# helpers\n\n\ndef g(): ...\n", "text/x-python")
    assert [text for _, text in found] == ["def f(): ...", "# helpers\n\n\ndef g(): ..."]


def test_a_long_function_stays_whole(cut: Any) -> None:
    function = "def f():\n" + "\n\n".join(f"    x{number} = call({number})" for number in range(500))
    assert [text for _, text in cut(f"import a\n\n{function}\n", "text/x-python")] == ["import a", function]


def test_a_package_is_named_after_its_folder(cut: Any) -> None:
    assert cut("x = 1", "text/x-python", "pkg/sub/__init__.py")[0][0].heading == "sub"


def test_long_module_code_is_cut_between_statements(cut: Any) -> None:
    source = "\n".join(f"value_{number} = [\n    {number},\n]" for number in range(200))
    found = [text for _, text in cut(source, "text/x-python")]
    assert len(found) > 2
    assert all(text.startswith("value_") and text.endswith("]") for text in found)


def test_functions_below_a_long_condition_are_found(cut: Any) -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(100))
    found = cut(f"try:\n{body}\n    def f(): ...\nexcept ImportError:\n    def f(): ...\n", "text/x-python", "m.py")
    assert [passage.heading for passage, _ in found if passage.kind == "function"] == ["m.f()", "m.f()"]


def test_a_syntax_error_falls_back_to_the_layout(cut: Any) -> None:
    found = cut("def f(:\n    pass\n\ndef g():\n    pass\n", "text/x-python")
    assert [passage.kind for passage, _ in found] == ["code"]
