"""Options of a command line by their declarations, in the words of many languages and libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.errors import NotFoundError
from evidentia.graphs.code.questions.flags import flags

DECLARED = {
    "argparse": ("a.py", 'parser.add_argument(\n    "-s", "--size", default=3, help="how many rows")\n', "default=3"),
    "click": ("a.py", '@click.option("--size", default=3)\ndef main(size): pass\n', "default=3"),
    "flag of Go": ("a.go", 'package a\n\nvar size = flag.Int("size", 3, "how many rows")\n', "3"),
    "pflag": ("a.go", 'package a\n\nfunc f() {\n\tfs.IntVarP(&n, "size", "s", 3, "how many rows")\n}\n', "&n"),
    "urfave": (
        "a.go",
        'package a\n\nvar f = []cli.Flag{\n\t&cli.IntFlag{\n\t\tName:  "size",\n\t\tValue: 3,\n\t},\n}\n',
        "Value: 3",
    ),
    "tags of Go": ("a.go", 'package a\n\ntype O struct {\n\tSize int `long:"size" default:"3"`\n}\n', 'default:"3"'),
    "optparse of Ruby": ("a.rb", 'o.on "-s", "--size N", "How many rows" do |n|\n  n\nend\n', "How many rows"),
    "commander": ("a.js", "program.option('-s, --size <n>', 'how many rows', 3);\n", "how many rows"),
    "Symfony": ("a.php", "<?php\n$this->addOption('size', 's', 1, 'how many rows', 3);\n", "how many rows"),
    "picocli": (
        "A.java",
        'class A {\n  @Option(names = {"-s", "--size"}, defaultValue = "3")\n  int size;\n}\n',
        'defaultValue = "3"',
    ),
    "System.CommandLine": ("a.cs", 'class A { Option<int> s = new Option<int>("--size", "How many rows"); }\n', "rows"),
    "getopt_long": (
        "a.c",
        "struct option o[] = {\n  {\"size\", required_argument, 0, 's'},\n};\n",
        "required_argument",
    ),
}


@pytest.mark.parametrize("library", DECLARED)
@pytest.mark.parametrize("asked", ["--size", "size"])
def test_a_declaration_is_shown_whole(workspace: Any, library: str, asked: str):
    file, text, said = DECLARED[library]
    (answer,) = flags(workspace.build({file: text}), asked)
    assert said in answer.rows[0].note


def test_a_default_that_is_a_constant_is_shown_with_its_value(workspace: Any):
    text = 'package a\n\nconst defaultSize = 3\n\nvar f = &cli.IntFlag{\n\tName:  "size",\n\tValue: defaultSize,\n}\n'
    (answer,) = flags(workspace.build({"a.go": text}), "--size")
    assert [row.note for row in answer.rows][1:] == ["`const defaultSize = 3`"]


BY_CONSTANTS = {
    "clap derives": (
        {
            "src/main.rs": "mod d;\nuse d::SIZE_OF;\n#[derive(Parser)]\nstruct A {\n"
            "    #[arg(long, default_value_t = SIZE_OF)]\n    max_size: usize,\n}\n",
            "src/d.rs": "pub const SIZE_OF: usize = 37;\n",
        },
        "pub const SIZE_OF: usize = 37;",
    ),
    "name and default of pflag, from another package": (
        {
            "go.mod": "module x\n",
            "names/n.go": 'package names\n\nconst Flag = "max-size"\nconst DefaultSize = 37\n',
            "cmd/a.go": 'package cmd\n\nimport "x/names"\n\nfunc f() {\n'
            '\tcmd.Flags().IntVar(&n, names.Flag, names.DefaultSize, "how many rows")\n}\n',
        },
        "const DefaultSize = 37",
    ),
    "argparse, of a module": (
        {"d.py": "SIZE = 37\n", "a.py": "import d\np.add_argument('--max-size', default=d.SIZE, help='how many')\n"},
        "SIZE = 37",
    ),
    "argparse, by name": (
        {"a.py": "N = '--max-size'\nSIZE = 37\np.add_argument(N, default=SIZE, help='how many rows')\n"},
        "SIZE = 37",
    ),
    "typer": (
        {"a.py": "import typer\nSIZE = 37\ndef f(max_size: int = typer.Option(SIZE, help='how many')): pass\n"},
        "SIZE = 37",
    ),
    "typer, annotated": (
        {"a.py": "import typer\nSIZE = 37\ndef f(max_size: Annotated[int, typer.Option(help='n')] = SIZE): pass\n"},
        "SIZE = 37",
    ),
    "yargs": (
        {
            "d.ts": "export const maxSize = 37;\n",
            "a.ts": "import * as d from './d';\nyargs.options({\n"
            + "".join(f"  'other-{n}': {{ describe: 'what else there is', type: 'number' }},\n" for n in range(40))
            + "  'max-size': {\n    describe:\n      'how many rows',\n    default: d.maxSize,\n  },\n});\n",
        },
        "export const maxSize = 37;",
    ),
}


@pytest.mark.parametrize("library", BY_CONSTANTS)
def test_constants_of_a_declaration_are_shown_with_their_values(workspace: Any, library: str):
    files, value = BY_CONSTANTS[library]
    (answer,) = flags(workspace.build(files), "--max-size")
    assert f"`{value}`" in [row.note for row in answer.rows[1:]]


def test_a_member_of_what_is_not_imported_is_no_constant(workspace: Any):
    files = {"d.py": "SIZE = 37\n", "a.py": "p.add_argument('--size', default=self.SIZE, help='how many rows')\n"}
    (answer,) = flags(workspace.build(files), "--size")
    assert len(answer.rows) == 1


@pytest.mark.parametrize(
    "text",
    [
        'n = context.args["size"]\n',
        'run(["tool", "--size", "3"])\n',
        '# parser.add_argument("--size", help="how many rows")\n',
        'print("the flag --size is not known here")\n',
        'labels = {"size": "how many rows"}\n',
        'error("Run again with `--size 3`, or leave the option out of it.")\n',
        "def f(size: int = other.Option(3)): pass\n",
    ],
)
def test_a_use_is_no_declaration(workspace: Any, text: str):
    with pytest.raises(NotFoundError):
        flags(workspace.build({"a.py": text}), "--size")


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ('parser.add_argument("--size", help="how many rows")\n', "unsure"),
        ('parser.add_option("size", "s", limit, "how many rows")\n', "unsure"),
        ('parser.add_argument("--size", default=3, help="how many rows")\n', ""),
        ('parser.add_argument("--size", help="how many rows (default: all)")\n', ""),
    ],
)
def test_a_default_that_no_declaration_states_is_unsure(tmp_path: Path, text: str, fit: str):
    (tmp_path / "tool.py").write_text(f"import argparse\n\nparser = argparse.ArgumentParser()\n{text}")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "tool.py")
        answer = library.ask("What is the default of --size?")
    assert answer.fit == fit
    assert "how many rows" in answer.text
