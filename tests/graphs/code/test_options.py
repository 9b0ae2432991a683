"""The verb `options`: environment variables, options of the command line and settings, with defaults and places."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.graphs.code.languages.python.options import options as read
from evidentia.graphs.code.questions.options import options

CASES = {
    "an item": ("import os\nos.environ['A']", ("environment variable", "A", "must be set")),
    "get": ("import os\nos.environ.get('A', 'x')", ("environment variable", "A", "default 'x'")),
    "getenv by another name": ("from os import getenv as g\ng('A')", ("environment variable", "A", "")),
    "environ by another name": ("from os import environ\nenviron.get('A')", ("environment variable", "A", "")),
    "whether it is set": ("import os\nif 'A' in os.environ: pass", ("environment variable", "A", "")),
    "a constant": ("import os\nKEY = 'A'\nos.getenv(KEY)", ("environment variable", "A", "")),
    "a computed name": ("import os\ndef f(n): return os.getenv(f'X_{n}')", ("environment variable", "X_*", "")),
    "argparse": ("p.add_argument('-n', '--number', default=3)", ("command line option", "-n, --number", "default 3")),
    "argparse, required": ("p.add_argument('--n', required=True)", ("command line option", "--n", "must be given")),
    "click": (
        "import click\n@click.option('--depth', default=2)\ndef f(depth): pass",
        ("command line option", "--depth", "default 2"),
    ),
    "typer": (
        "import typer\ndef f(dry_run: bool = typer.Option(False)): pass",
        ("command line option", "--dry-run", "default False"),
    ),
    "typer, annotated": (
        "import typer\nfrom typing import Annotated\ndef f(n: Annotated[int, typer.Option('-n', '--number')] = 3): pass",
        ("command line option", "-n, --number", "default 3"),
    ),
    "typer, by place": (
        "import typer\ndef f(path: str = typer.Argument(...)): pass",
        ("command line option", "path", ""),
    ),
    "pydantic": (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    port: int = 80",
        ("setting", "S.port", "environment variable PORT, default 80"),
    ),
    "pydantic, with a prefix": (
        "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_prefix='app_')\n    port: int",
        ("setting", "S.port", "environment variable APP_PORT"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_an_option_is_read(text: str, expected: tuple[str, str, str]) -> None:
    assert [(each.kind, each.name, each.note) for each in read(text)] == [expected]


def test_envvar_of_an_option_is_an_environment_variable() -> None:
    found = read("import click\n@click.option('--a', envvar=['A', 'B'])\ndef f(a): pass")
    assert [each.name for each in found] == ["--a", "A", "B"]


@pytest.mark.parametrize(
    "text", ["x = {}\nx.get('A')", "import os\nos.environ['A'] = '1'", "environ.get('A')", "def f(", ""]
)
def test_what_is_no_option_is_not_claimed(text: str) -> None:
    assert read(text) == []


def test_each_kind_is_an_answer_with_places_and_says_what_is_not_read(workspace: Any) -> None:
    graph = workspace.build(
        {
            "app.py": "import os\n\ndef start():\n    return os.getenv('HOME_OF_IT', 'x')\n",
            "cli.py": "def main(parser):\n    parser.add_argument('--loud')\n",
            "tests/test_app.py": "import os\nos.getenv('ONLY_TESTED')\n",
            "b.js": "process.env.NOT_READ",
        }
    )
    variables, flags = options(graph)
    (row,) = variables.rows
    assert (variables.verb, row.symbol.id, row.line, row.note) == (
        "environment variables", "app.start", 4, "HOME_OF_IT, default 'x'",
    )  # fmt: skip
    assert [each.note for each in flags.rows] == ["--loud"]
    assert "in Python alone" in flags.notes[0]


def test_where_there_is_none_the_answer_says_what_was_read(workspace: Any) -> None:
    (answer,) = options(workspace.build({"a.py": "x = 1"}))
    assert answer.rows == ()
    assert "argparse" in answer.notes[0]
