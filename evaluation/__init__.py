"""Data sets, metrics, libraries to ask and reports, which ``benchmarks/`` and ``training/`` import.

It stands above the whole package, and nothing in the package knows of it. Data sets are read from ``data.DATA``, a
folder beside the checkout, which is not part of the package.
"""
