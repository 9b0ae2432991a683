"""The code graph: facts per file, resolved into nodes and edges, asked through verbs."""

from .coverage import CodeCoverage
from .index import CodeGraph, CodeStats, Problem
from .modules import module_name
from .questions.verbs import CodeAnswer, CodeRow
from .storage import CodeFile
from .symbols import Symbol

__all__ = [
    "CodeAnswer",
    "CodeCoverage",
    "CodeFile",
    "CodeGraph",
    "CodeRow",
    "CodeStats",
    "Problem",
    "Symbol",
    "module_name",
]
