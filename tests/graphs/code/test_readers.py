"""The verb `readers`: where a variable of the environment or another setting is read, in any language."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.errors import NotFoundError
from evidentia.graphs.code.questions.readers import readers
from evidentia.graphs.code.questions.verbs import writers

READS = {
    "a.py": "import os\n\ndef f():\n    return os.environ.get('APP_MODE')\n",
    "b.py": "import os\n\ndef f():\n    return 'APP_MODE' in os.environ\n",
    "a.ts": "export function f() {\n  return process.env.APP_MODE\n}\n",
    "b.js": "function f() {\n  return process.env['APP_MODE'] || 'x'\n}\n",
    "a.go": 'package a\n\nimport "os"\n\nfunc f() string {\n\treturn os.Getenv("APP_MODE")\n}\n',
    "b.go": 'package b\n\nfunc f(env map[string]string) string {\n\treturn env["APP_MODE"]\n}\n',
    "a.rs": 'fn f() -> String {\n    std::env::var("APP_MODE").unwrap()\n}\n',
    "A.java": 'class A {\n  String f() {\n    return System.getenv("APP_MODE");\n  }\n}\n',
    "a.c": '#include <stdlib.h>\nchar *f(void) {\n    return getenv("APP_MODE");\n}\n',
    "a.rb": "def f\n  ENV.fetch('APP_MODE')\nend\n",
    "a.sh": 'f() {\n  echo "${APP_MODE:-x}"\n}\n',
}


@pytest.mark.parametrize("file", READS)
def test_a_look_up_of_the_name_is_found_in_its_function(workspace: Any, file: str):
    (answer,) = readers(workspace.build({file: READS[file]}), "APP_MODE")
    assert [(row.symbol.name, row.resolution, row.note) for row in answer.rows] == [("f", "exact", "is looked up")]


def test_a_text_alone_is_less_sure_and_a_comment_is_none(workspace: Any):
    graph = workspace.build({"a.go": 'package a\n\n// APP_MODE "APP_MODE"\nvar known = []string{"APP_MODE"}\n'})
    (answer,) = readers(graph, "APP_MODE")
    assert [(row.line, row.resolution, row.note) for row in answer.rows] == [(4, "inferred", "stands as a text")]


def test_the_constant_that_holds_the_name_is_followed_and_tests_come_last(workspace: Any):
    files = {
        "names.go": 'package a\n\nconst APP_MODE = "APP_MODE"\n',
        "a.go": "package a\n\nfunc f(env map[string]string) string {\n\treturn env[APP_MODE]\n}\n",
        "a_test.go": "package a\n\nfunc TestF(t *T) {\n\tuse(APP_MODE)\n}\n",
    }
    (answer,) = readers(workspace.build(files), "APP_MODE")
    assert [row.symbol.name for row in answer.rows] == ["f", "names", "TestF"]


def test_a_constant_of_another_name_that_holds_it_is_followed(workspace: Any):
    files = {
        "Keys.java": 'class Keys {\n  static final String Fast = "shop.fast";\n}\n',
        "Till.java": "class Till {\n  boolean f() {\n    return System.getProperty(Keys.Fast) != null;\n  }\n}\n",
    }
    (answer,) = readers(workspace.build(files), "shop.fast")
    assert ("f", "uses Fast") in [(row.symbol.name, row.note) for row in answer.rows]


def test_an_option_is_found_among_its_spellings(workspace: Any):
    graph = workspace.build({"a.js": "program\n  .option('-d, --dry-run <what>', 'text')\n"})
    (answer,) = readers(graph, "--dry-run")
    assert [row.line for row in answer.rows] == [2]


def test_a_name_that_no_code_has_is_not_found(workspace: Any):
    with pytest.raises(NotFoundError, match="no code reads"):
        readers(workspace.build({"a.py": "x = 1\n"}), "APP_MODE")


def test_who_writes_a_field_is_told_without_who_reads_it(workspace: Any):
    text = "class A:\n    def __init__(self):\n        self.count = 0\n    def more(self):\n        return self.count\n"
    (answer,) = writers(workspace.build({"a.py": text}), "A.count")
    assert [row.symbol.name for row in answer.rows] == ["__init__"]
    with pytest.raises(NotFoundError, match="no such field"):
        writers(workspace.build({"a.py": text}), "more")
