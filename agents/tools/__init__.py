"""The tables of what can be asked of a library: ``verbs.py`` for the code graph (its entries in ``calls.py``,
``structure.py`` and ``overviews.py``), ``knowledge.py`` for the knowledge graph, ``tables.py`` for the rows of tables,
``library.py`` for all the rest.

The router's forms, the command line's ``graph`` verbs, ``/api/graph/…``, the tools of a planning model and the MCP
server are made from these tables; a new verb is one entry.
"""
