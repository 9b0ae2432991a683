"""Says who calls a function and what a change of it reaches: python examples/code_impact.py FOLDER check"""

import sys
from tempfile import TemporaryDirectory

from evidentia import Library

folder, name = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder, graph_only=True)
    for verb in ("callers", "impact"):
        for answer in library.graph.verb(verb, name):
            print(f"{verb} of {answer.symbol.id}")
            for row in answer.rows:
                print(f"    {row.symbol.id}, {row.resolution}, {row.distance} away")
            for doubt in answer.doubts:
                print(f"    there may be more: {doubt}")
