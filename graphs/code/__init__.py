"""The code graph of Python: facts per file, resolved into nodes and edges, asked through verbs."""

from .index import CodeFile, CodeGraph, CodeStats, Problem
from .modules import module_name
from .projection import project
from .symbols import Symbol
from .verbs import CodeAnswer, Row

__all__ = ["CodeAnswer", "CodeFile", "CodeGraph", "CodeStats", "Problem", "Row", "Symbol", "module_name", "project"]
