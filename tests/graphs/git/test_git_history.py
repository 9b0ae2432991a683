"""A repository from a stranger names programs in its configuration in many ways; none of them is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from threading import Event

import pytest

from evidentia import Library
from evidentia.agents.tools.library import TOOLS, run
from evidentia.agents.tools.verbs import VERBS
from evidentia.cli.watch import updates
from evidentia.errors import EvidentiaError
from evidentia.graphs.git.commits import commits
from evidentia.retrieval.embedders.hash import HashEmbedder

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIGURATIONS = {
    "ssh command": '[core]\n sshCommand = {run}\n[remote "origin"]\n url = ssh://nowhere.invalid/x\n',
    "partial clone over ssh": (
        "[core]\n repositoryformatversion = 1\n sshCommand = {run}\n[extensions]\n partialClone = origin\n"
        '[remote "origin"]\n url = ssh://nowhere.invalid/x\n promisor = true\n partialclonefilter = tree:0\n'
    ),
    "partial clone over ext": (
        '[core]\n repositoryformatversion = 1\n[extensions]\n partialClone = origin\n[protocol "ext"]\n allow = always\n'
        '[remote "origin"]\n url = ext::{run}\n promisor = true\n'
    ),
    "upload pack": '[remote "origin"]\n url = /tmp\n uploadpack = {run}\n promisor = true\n',
    "receive pack": '[remote "origin"]\n url = /tmp\n receivepack = {run}\n',
    "remote helper": '[remote "origin"]\n vcs = ext\n url = {run}\n',
    "url rewritten": '[url "ext::{run}"]\n insteadOf = https://\n[remote "origin"]\n url = https://x\n promisor = true\n',
    "git proxy": '[core]\n gitProxy = {run}\n[remote "origin"]\n url = git://nowhere.invalid/x\n promisor = true\n',
    "file monitor": "[core]\n fsmonitor = {run}\n",
    "hooks": "[core]\n hooksPath = {hooks}\n",
    "editor": "[core]\n editor = {run}\n",
    "pager": "[core]\n pager = {run}\n[pager]\n log = {run}\n diff = {run}\n",
    "ask pass": "[core]\n askPass = {run}\n",
    "alternate references": "[core]\n alternateRefsCommand = {run}\n",
    "signatures shown": "[log]\n showSignature = true\n[gpg]\n program = {run}\n",
    "signatures of ssh": '[log]\n showSignature = true\n[gpg]\n format = ssh\n[gpg "ssh"]\n program = {run}\n',
    "default key": '[gpg "ssh"]\n defaultKeyCommand = {run}\n[commit]\n gpgSign = true\n',
    "external diff": "[diff]\n external = {run}\n",
    "diff driver": '[diff "x"]\n command = {run}\n textconv = {run}\n',
    "filter": '[filter "x"]\n clean = {run}\n smudge = {run}\n process = {run}\n required = true\n',
    "merge driver": '[merge "x"]\n driver = {run}\n',
    "credential helper": "[credential]\n helper = !{run}\n",
    "alias": "[alias]\n log = !{run}\n rev-parse = !{run}\n",
    "included file": "[include]\n path = {included}\n",
    "included where it lies": '[includeIf "gitdir:**"]\n path = {included}\n',
    "submodule": '[submodule "s"]\n update = !{run}\n url = ext::{run}\n',
    "trailer": '[trailer "x"]\n command = {run}\n cmd = {run}\n',
    "difftool": '[difftool "x"]\n cmd = {run}\n[mergetool "x"]\n cmd = {run}\n',
    "browser": '[web]\n browser = x\n[browser "x"]\n cmd = {run}\n',
    "packs": "[uploadpack]\n packObjectsHook = {run}\n[gc]\n recentObjectsHook = {run}\n",
    "mail": "[sendemail]\n smtpServer = {run}\n tocmd = {run}\n",
    "working tree": "[extensions]\n worktreeConfig = true\n[core]\n fsmonitor = {run}\n",
    "objects elsewhere": "[core]\n alternateRefsCommand = {run}\n alternateRefsPrefixes = refs\n",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits, and attributes that name drivers."""
    folder = tmp_path_factory.mktemp("plain") / "repository"
    folder.mkdir()
    (folder / "guide.md").write_text("# Guide\n\nThe pump runs at 40 bar.\n")
    (folder / "other.md").write_text("See [the guide](guide.md).\n")
    (folder / "pump.py").write_text("def start(rate):\n    return rate\n")
    (folder / ".gitattributes").write_text("* diff=x merge=x filter=x\n")
    who = ("-c", "user.name=Ada", "-c", "user.email=a@b", "-c", f"core.hooksPath={os.devnull}")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)
    (folder / "guide.md").write_text("# Guide\n\nThe valve opens at 30 bar.\n")
    (folder / "pump.py").write_text("def start(rate):\n    return check(rate)\n\n\ndef check(rate):\n    return rate\n")
    subprocess.run(["git", *who, "commit", "-qam", "two"], cwd=folder, check=True, capture_output=True)
    return folder


def _armed(plain: Path, folder: Path, configuration: str) -> Path:
    """A copy whose configuration names a program; what the program would make."""
    made, program, hooks = folder / "made", folder / "program", folder / "hooks"
    shutil.copytree(plain, folder / "repository")
    program.write_text(f"#!/bin/sh\ntouch '{made}'\n")
    program.chmod(0o755)
    hooks.mkdir()
    for hook in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        shutil.copy(program, hooks / hook)
        shutil.copy(program, folder / "repository" / ".git" / "hooks" / hook)
    repository = folder / "repository"
    (repository / ".gitmodules").write_text(
        f'[submodule "s"]\n path = s\n url = ext::{program}\n update = !{program}\n'
    )
    (repository / ".gitconfig").write_text(f"[core]\n fsmonitor = {program}\n")
    (repository / ".git" / "config.worktree").write_text(f"[core]\n fsmonitor = {program}\n sshCommand = {program}\n")
    shared = folder / "shared"
    shutil.copytree(plain / ".git", shared)
    (shared / "config").write_text(f"[core]\n fsmonitor = {program}\n sshCommand = {program}\n")
    (repository / ".git" / "objects" / "info" / "alternates").write_text(f"{shared / 'objects'}\n")
    included = folder / "included"
    included.write_text(f"[core]\n fsmonitor = {program}\n[alias]\n log = !{program}\n")
    with (folder / "repository" / ".git" / "config").open("a") as opened:
        opened.write(configuration.format(run=program, hooks=hooks, included=included))
    return made


@pytest.mark.parametrize("way", CONFIGURATIONS)
def test_reading_the_history_runs_no_program_that_the_repository_names(plain: Path, tmp_path: Path, way: str):
    made = _armed(plain, tmp_path, CONFIGURATIONS[way])
    found = commits(tmp_path / "repository")
    assert [commit.author for commit in found] == ["Ada", "Ada"]
    assert not made.exists()


def test_a_missing_tree_is_not_fetched(plain: Path, tmp_path: Path):
    made = _armed(plain, tmp_path, CONFIGURATIONS["partial clone over ssh"])
    repository = tmp_path / "repository"
    tree = subprocess.run(
        ["git", "rev-parse", "HEAD~1^{tree}"], cwd=plain, check=True, capture_output=True, text=True
    ).stdout.strip()
    (repository / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    assert all(commit.author == "Ada" for commit in commits(repository))
    assert not made.exists()


def test_a_git_file_and_a_shared_folder_that_lead_elsewhere_are_read_and_run_nothing(plain: Path, tmp_path: Path):
    made = _armed(plain, tmp_path, CONFIGURATIONS["alias"])
    moved, repository = tmp_path / "elsewhere", tmp_path / "repository"
    (repository / ".git").rename(moved)
    (repository / ".git").write_text(f"gitdir: {moved}\n")
    assert len(commits(repository)) == 2
    (moved / "commondir").write_text(f"{tmp_path / 'nowhere'}\n")
    assert commits(repository) == []
    assert not made.exists()


@pytest.mark.slow
def test_no_verb_runs_a_program_of_a_repository_armed_in_every_way(plain: Path, tmp_path: Path):
    made = _armed(plain, tmp_path, "".join(CONFIGURATIONS.values()))
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "repository")
        for retriever in (None, "lexical", "dense", "ngram", "multihop", "structure"):
            library.ask("At what pressure does the valve open?", retriever=retriever)
        library.search("valve", retriever="structure")
        library.search("valve", where="repository")
        library.verify("The valve opens at 30 bar. [1]\n\n[1]: repository/guide.md:3\n> The valve opens at 30 bar.\n")
        _every_verb(library)
        _every_tool(library, tmp_path / "repository")
        _followed(library, tmp_path / "repository")
        library.status()
        library.repair()
        library.remove(tmp_path / "repository")
    assert not made.exists()


def _every_verb(library: Library) -> None:
    """Of the code graph, with and without a revision to compare with."""
    assert [row.symbol.name for row in library.graph.verb("impact", diff="HEAD~1")[0].rows]
    assert [one for one in library.graph.verb("explain", "check") if "two" in str(one)]
    for verb in VERBS.values():
        try:
            library.graph.verb(verb.name, *["check" for each in verb.parameters if each.default is None])
        except EvidentiaError:
            continue


def _every_tool(library: Library, repository: Path) -> None:
    """As MCP's clients and planning models call them."""
    given = {"question": "Who calls check?", "name": "check", "query": "MATCH (n) RETURN n.name", "path": repository}
    for tool in TOOLS.values():
        wanted = {each.name: str(given.get(each.name, "check")) for each in tool.parameters if each.default is None}
        try:
            run(tool, library, wanted)
        except EvidentiaError:
            continue


def _followed(library: Library, repository: Path) -> None:
    stop = Event()
    for _ in updates(library, stop, stop.set):
        (repository / "guide.md").write_text("# Guide\n\nThe valve opens at 20 bar.\n")
