"""Searches a folder as LangChain does: python examples/langchain_retriever.py FOLDER "How often is it checked?" """

import sys
from tempfile import TemporaryDirectory

from evidentia import Library

folder, question = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    retriever = library.as_retriever(k=3)
    for document in retriever.invoke(question):
        print(f"{document.metadata['name']}:{document.metadata['line']}  {document.page_content}")
