"""What the demonstration reads."""

from __future__ import annotations

from evidentia.cli.demo import sources


def test_the_demonstration_reads_this_whole_repository_and_networkx():
    here, networkx = sources()
    assert (here / "library.py").is_file()
    assert (here / "docs" / "library.md").is_file()
    assert (networkx / "classes" / "graph.py").is_file()
