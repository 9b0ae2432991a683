"""A library in the terms of other frameworks: a retriever and tools. Each framework is imported when it is asked for.

Knows of a library only what it can do: a search and an answer.
"""
