"""Adds a folder to a library and asks it: python examples/ask_folder.py docs "Where does a library lie?" """

import sys
from tempfile import TemporaryDirectory

from evidentia import Library

folder, question = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    answer = library.ask(question)
    print(answer.text)
    for citation in answer.citations:
        print(f"[{citation.number}] {citation.place}  {'checked' if citation.verified else 'not checked'}")
        print(f"    {citation.quote}")
