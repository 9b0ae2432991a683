"""Questions about repositories (SWE-QA): how many answers show a definition or a file that the gold answer names.

    python benchmarks/swe_qa.py --repo requests=FOLDER [--repo sqlfluff=FOLDER] [--show]

The folders are checkouts at the commits of ``repo_commit.txt``. Gold is what the reference answer names: its files, and
the definitions of its names in code's spelling. Peng et al., SWE-QA, 2025. No language model answers here.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from evidentia import Library
from evidentia.evaluation.report import machine

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "swe-qa"
_FILE = re.compile(r"[\w/.-]*\w\.py\b")
_NAME = re.compile(r"`([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?`")


def gold(answer: str) -> tuple[set[str], set[str]]:
    """Files, and names of definitions."""
    return {name.strip("/") for name in _FILE.findall(answer)}, {name.split(".")[-1] for name in _NAME.findall(answer)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repo", action="append", required=True, help="name=folder")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    print(f"{machine()}\n\n| repository | questions | a gold file | a gold definition | either | refused |")
    print("|---|---|---|---|---|---|")
    for entry in options.repo:
        name, _, folder = entry.partition("=")
        asked = [json.loads(line) for line in (options.data / f"{name}.jsonl").read_text("utf-8").splitlines()]
        files = definitions = either = refused = 0
        with TemporaryDirectory() as at, Library(Path(at) / "library") as library:
            library.add(Path(folder))
            for one in asked:
                wanted, names = gold(one["answer"])
                answer = library.ask(one["question"])
                found = answer.status != "not_found"
                cited = [citation.evidence for citation in answer.citations] if found else []
                shown = [f"{evidence.name}\n{evidence.quote}" for evidence in cited]
                in_file = any(evidence.name.endswith(file) for evidence in cited for file in wanted)
                defined = any(re.search(rf"(?:def|class) {re.escape(key)}\b", text) for text in shown for key in names)
                files, definitions = files + in_file, definitions + defined
                either, refused = either + (in_file or defined), refused + (not found)
                if options.show:
                    verdict = "gold" if in_file or defined else "other" if found else "refused"
                    places = [citation.place for citation in answer.citations]
                    print(f"{verdict:8} {one['question'][:150]}\n         {answer.fit} {places} | {sorted(wanted)[:4]}")
        total = len(asked)
        shares = " | ".join(f"{count / total:.0%}" for count in (files, definitions, either, refused))
        print(f"| {name} | {total} | {shares} |")


if __name__ == "__main__":
    main()
