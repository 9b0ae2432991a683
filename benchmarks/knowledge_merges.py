"""Which names the knowledge graph takes for one, on five corpora, against pairs that a person has judged.

    python benchmarks/knowledge_merges.py [CORPUS ...] [--show N]

``knowledge_merges.json`` holds the pairs with the verdict, drawn at random from what the graph merges (reasons in
proportion, names with parts at least as often) and judged by reading the sentences of both. Printed: how many of a
corpus's merges were judged, how many of those are right, and what of the judged wrong ones is merged still. ``--show``
prints pairs that nobody has judged, with a sentence, to be judged.
"""

from __future__ import annotations

import json
import random
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from evidentia import Library
from evidentia.evaluation.data import DATA, read_json
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import read_articles
from evidentia.evaluation.wiki import read_2wiki, read_musique, texts_of
from evidentia.graphs.knowledge.graph import Knowledge
from evidentia.graphs.knowledge.merges import Merge
from evidentia.graphs.knowledge.quotes import Quotes
from evidentia.retrieval.embedders.hash import HashEmbedder

JUDGED = Path(__file__).with_suffix(".json")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA))
    parser.add_argument("--show", type=int, default=0, help="print so many pairs of each corpus that nobody has judged")
    parser.add_argument("--reason", default="", help="print only those with a reason of these words")
    options = parser.parse_args()
    judged: Mapping[str, Mapping[str, list[list[str]]]] = read_json(JUDGED)
    rows: list[list[object]] = []
    right = wrong = 0
    for name in options.corpora:
        with tempfile.TemporaryDirectory() as folder:
            library = _made(Path(folder), CORPORA[name]())
            graph = library.knowledge.graph()
            verdicts = judged.get(name, {})
            good, bad = ({tuple(pair) for pair in verdicts.get(verdict, ())} for verdict in ("right", "wrong"))
            made = {(one.one, one.other): one for one in graph.merges}
            if options.show:
                fresh = [one for pair, one in made.items() if pair not in good | bad and options.reason in one.reason]
                _show(library.knowledge.quotes(), fresh, options.show)
            found = len(made.keys() & good), len(made.keys() & bad)
            right, wrong = right + found[0], wrong + found[1]
            rows.append([name, len(made), sum(found), found[0], found[1], len(bad - made.keys())])
    total = right + wrong
    rows.append(["all", "", total, right, wrong, ""])
    columns = ("corpus", "merges", "judged", "right", "wrong", "judged wrong, not merged")
    metrics = {"merges judged": total, "precision of merges": right / max(1, total)}
    report(options.json, "Names taken for one", columns, rows, metrics)
    print(f"precision {right / max(1, total):.3f}")


def _made(folder: Path, texts: Mapping[str, str]) -> Library:
    source = folder / "texts"
    source.mkdir()
    for name, text in texts.items():
        (source / name).write_text(text, encoding="utf-8")
    library = Library(folder / "library", embedder=HashEmbedder())
    library.add(source)
    return library


def _show(quotes: Quotes, unjudged: list[Merge], count: int) -> None:
    random.Random(0).shuffle(unjudged)
    for one in unjudged[:count]:
        print(json.dumps([one.one, one.other], ensure_ascii=False), f"({one.reason})", _sentence(quotes, one))


def _sentence(quotes: Quotes, one: Merge) -> str:
    """One that has the first of the pair, in the document that the merge is of."""
    graph: Knowledge = quotes.graph
    number = graph.number[one.one]
    rows = graph.mentions[graph.mentions[:, 1] == number]
    inside = rows[rows[:, 2] == one.document] if one.document >= 0 else rows
    chosen = (inside if len(inside) else rows)[:1].tolist()
    return " ".join(quotes.text(chosen[0][5]).split())[:240] if chosen else ""


def _zipped(name: str) -> dict[str, str]:
    with zipfile.ZipFile(DATA / name) as archive:
        names = [one for one in archive.namelist() if one.endswith(".txt")]
        return {one.replace("/", "-"): archive.read(one).decode() for one in names}


def _articles() -> dict[str, str]:
    found = read_articles(DATA / "squad" / "dev-1.1.rebuilt.json")
    return {
        f"{at:03d}.md": f"# {one['title'].replace('_', ' ')}\n\n" + "\n\n".join(p["context"] for p in one["paragraphs"])
        for at, one in enumerate(found)
    }


CORPORA: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "lihua-world": lambda: _zipped("lihua-world/LiHuaWorld.zip"),
    "calls": lambda: _zipped("ms-graphrag/msft_transcripts.zip"),
    "podcasts": lambda: _zipped("ms-graphrag/kevin_scott_podcasts.zip"),
    "2wiki": lambda: texts_of(read_2wiki(DATA / "2wikimultihop")[0]),
    "musique": lambda: texts_of(read_musique(DATA / "musique")[0]),
    "squad": _articles,
}


if __name__ == "__main__":
    main()
