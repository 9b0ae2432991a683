"""Says how two names are related, in quotes: python examples/knowledge_path.py FOLDER "Ada Byron" "Babbage" """

import sys
from tempfile import TemporaryDirectory

from evidentia import Library

folder, start, end = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    answer = library.knowledge.verb("path", start, end)
    print(answer.text)
    for citation in answer.citations:
        print(f"[{citation.number}] {citation.place}: {citation.quote}")
