"""The code graph: facts per file, resolved into nodes and edges, asked through verbs."""

from .index import CodeGraph, CodeStats, Coverage, Problem
from .modules import module_name
from .projection import project
from .questions.verbs import CodeAnswer, Row
from .storage import CodeFile
from .symbols import Symbol

__all__ = [
    "CodeAnswer",
    "CodeFile",
    "CodeGraph",
    "CodeStats",
    "Coverage",
    "Problem",
    "Row",
    "Symbol",
    "module_name",
    "project",
]
