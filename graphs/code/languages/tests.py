"""What a test is in each language: where tests lie, how they are named or marked, and what is given tests without a
name.

One definition for all: the edges TESTS, the verb ``tests``, what a change affects and the tests to run.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ..facts import CLASS, FUNCTION, METHOD, MODULE

_NONE = re.compile(r"(?!)")
_FOLDER = r"/(?:tests?|__tests__)/"


@dataclass(frozen=True, slots=True)
class Tests:
    """How a language's runners of tests find them."""

    files: re.Pattern[str] = _NONE
    """Paths of files that hold tests, besides those whose module is called so."""
    names: re.Pattern[str] = _NONE
    """Names of functions and methods that are tests, in such a file."""
    classes: re.Pattern[str] = _NONE
    """Names of classes whose own body is run as a test, in such a file."""
    marks: re.Pattern[str] = _NONE
    """The last part of a decorator, an annotation or an attribute that makes a test, in any file."""
    blocks: re.Pattern[str] = _NONE
    """Functions that are given tests without a name, which belong to what is around them, in such a file."""

    def has(self, name: str, label: str, *, placed: bool, decorators: Collection[str], called: Collection[str]) -> bool:
        """Whether a definition is a test. ``placed``: its file holds tests. ``called``: what it calls outside the
        library."""
        if label in (FUNCTION, METHOD):
            marked = any(self.marks.fullmatch(_last(one)) for one in decorators)
            if marked or (placed and self.names.match(name) is not None):
                return True
        if label == CLASS and placed and self.classes.match(name) is not None:
            return True
        return placed and label in (FUNCTION, METHOD, CLASS, MODULE) and any(map(self.blocks.fullmatch, called))


def _last(decorator: str) -> str:
    return re.split(r"[./:$]", decorator)[-1]


def _blocks(names: str) -> re.Pattern[str]:
    """``it``, ``vitest.it``, ``test.each``, but no method of an object of unknown type."""
    return re.compile(rf"(?!\*)(?:[^*]*[./:])?(?:{names})(?:\.\w+)*")


PYTHON_TESTS = Tests(names=re.compile("test"), classes=re.compile("Test"))
GO_TESTS = Tests(re.compile(r"_test\.go$"), re.compile(r"(?:Test|Benchmark|Example|Fuzz)(?![a-z])"))
RUST_TESTS = Tests(
    re.compile(r"/(?:tests|benches)/"), marks=re.compile(r"test|bench|rstest|quickcheck|test_\w+|\w+_test")
)
JAVA_TESTS = Tests(
    re.compile(rf"{_FOLDER}|(?:Tests?|TestCase|IT|Spec)\.\w+$"),
    re.compile(r"test(?![a-z])"),
    marks=re.compile(r"Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property|Benchmark"),
)
CSHARP_TESTS = Tests(
    re.compile(rf"{_FOLDER}|Tests?(?:/|\.cs$)"),
    marks=re.compile(
        r"(?:\w*Fact|\w*Theory|\w*Test|TestCase(?:Source)?|\w*TestMethod|Property|Benchmark)(?:Attribute)?"
    ),
)
JAVASCRIPT_TESTS = Tests(
    re.compile(
        rf"{_FOLDER}|/(?:specs?|e2e|cypress)/|[._-](?:test|spec|cy|e2e|bench)\.[cm]?[jt]sx?$|/test\.[cm]?[jt]sx?$"
    ),
    re.compile(r"test(?![a-z])"),
    blocks=_blocks("x?f?(?:it|describe|context)|test|specify|suite|bench|Deno|feature|scenario"),
)
RUBY_TESTS = Tests(
    re.compile(rf"{_FOLDER}|/spec/|_(?:spec|test)\.rb$"),
    re.compile("test_"),
    blocks=_blocks("x?f?(?:it|describe|context|specify|example|feature|scenario)|test|should"),
)
PHP_TESTS = Tests(
    re.compile(rf"{_FOLDER}|(?:Test|Spec)\.php$"),
    re.compile("test"),
    marks=re.compile("[Tt]est"),
    blocks=_blocks("it|test|describe"),
)
C_TESTS = Tests(
    re.compile(rf"{_FOLDER}|/(?:unit)?tests?_?\w*\.\w+$|_?(?:unit)?tests?\.\w+$"),
    re.compile(r"(?:[A-Z]+_)*TEST(?:_[A-Z]+)*$|SCENARIO$|BENCHMARK$|[Tt]est(?![a-z])"),
    blocks=_blocks(r"(?:[A-Z]+_)*TEST_CASE(?:_[A-Z]+)*|SCENARIO|TEST"),
)
