# ruff: noqa: E501
"""Yes/no questions to abstracts: is the statement that is shown a result, or what the study set out to ask?

    python benchmarks/abstracts.py [--data FOLDER] [--show]

60 questions (``data/abstracts.txt``) to as many abstracts of SciFact's corpus, each with a sentence that says what is
to be found out, among 300 others. Told by words, apart from those of the code: an aim says "whether", "to determine",
"unclear"; a result reports. Even questions may be looked at while choosing. Beside: the sentence nearest to the question.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from evidentia import Library
from evidentia.corpus.spans import sentences
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import machine

QUESTIONS = Path(__file__).parent / "data" / "abstracts.txt"
OTHERS = 300
AIM = re.compile(
    r"\bwhether\b|\b(?:aim|objective|purpose|goal)s?\b|\bhypothes|\b(?:un|not )(?:clear|known)|\bsought to\b|\bremains? to be\b"
    r"|\bto (?:determine|assess|investigate|examine|test|evaluate|explore|compare|study|clarify)\b"
    r"|\bwe (?:examined|investigated|assessed|tested|evaluated|studied|asked|questioned)\b",
    re.I,
)
RESULT = re.compile(
    r"\b(?:found|show(?:s|ed|n)?|observed|reveal\w*|demonstrat\w*|conclude|suggest\w*|indicat\w*|report|identif\w+|confirm\w*"
    r"|reduc\w+|increas\w+|decreas\w+|improv\w+|associat\w+|correlat\w+|predict\w*|result\w* in|led to|led by|inhibit\w*"
    r"|promot\w+|activat\w+|mediat\w+|requir\w+|prevent\w*|protect\w*|attenuat\w+|abolish\w*|induc\w+|affect\w*|alter\w*"
    r"|significant\w*|higher|lower|greater|smaller|worse|better|similar|no (?:difference|effect|evidence|association)"
    r"|did not|does not|do not|is not|are not|was not|were not|can|(?:is|are|was|were) (?:essential|necessary|sufficient|a|an|the)"
    r"|play\w* a|transdifferentiat\w*|convert\w*|remain\w*|sustained|common)\b|\d\s?%|[Pp]\s?[<=]",
    re.I,
)


def kind(sentence: str) -> str:
    return "aim" if AIM.search(sentence) else "result" if RESULT.search(sentence) else "other"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds beir-scifact/")
    parser.add_argument("--show", action="store_true", help="print the even questions that fail")
    options = parser.parse_args()
    asked = [line.partition(" ")[::2] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    with gzip.open(options.data / "beir-scifact" / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = {row["_id"]: f"# {row['title']}\n\n{row['text']}\n" for row in map(json.loads, file)}
    wanted = {key for key, _ in asked}
    others = [key for key in sorted(texts) if key not in wanted][:OTHERS]
    totals = {"even": Counter[str](), "odd": Counter[str]()}
    with TemporaryDirectory() as at, Library(Path(at) / "library") as library:
        folder = Path(at) / "abstracts"
        folder.mkdir()
        for key in (*wanted, *others):
            (folder / f"{key}.md").write_text(texts[key], encoding="utf-8")
        library.add(folder)
        for number, (key, question) in enumerate(asked):
            total = totals["odd" if number % 2 else "even"]
            total["asked"] += 1
            answer = library.ask(question)
            first = answer.citations[0] if answer.citations else None
            if answer.status == "not_found" or first is None:
                said = "not found"
            elif not first.evidence.name.endswith(f"/{key}.md"):
                said = "another abstract"
            else:
                said = kind(" ".join(first.quote[slice(*place)] for place in first.focus) or first.quote)
            total[said] += 1
            total["aim shown as fitting"] += said == "aim" and answer.fit in ("sure", "likely")
            places = sentences(texts[key], texts[key].index("\n\n") + 2, len(texts[key]))
            shown = [texts[key][slice(*place)] for place in places]
            vectors = library.embedder().encode([question, *shown])
            total["nearest is a result"] += kind(shown[int(np.argmax(vectors[1:] @ vectors[0]))]) == "result"
            if options.show and not number % 2 and said != "result":
                print(f"{said:16} {question}\n    {answer.fit} {first.quote[:250] if first else ''!r} {answer.reasons}")
    heads = ("result", "aim", "aim shown as fitting", "other", "another abstract", "not found", "nearest is a result")
    print(f"{machine()}\n\n| questions | asked | {' | '.join(heads)} |\n|---|---{'|---' * len(heads)}|")
    for half, total in totals.items():
        shares = [f"{total[head] / total['asked']:.0%}" for head in heads]
        print(f"| {half} | {total['asked']} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
