"""Asks parts of a library, each alone: python examples/ask_scoped.py FOLDER "What is the limit?" 2023/ 2024/"""

import sys
from tempfile import TemporaryDirectory

from evidentia import Library

folder, question, *parts = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    for part in parts:
        answer = library.ask(question, where=part)
        print(f"{part}: {answer.text}")
        for citation in answer.citations:
            print(f"    {citation.place}")
