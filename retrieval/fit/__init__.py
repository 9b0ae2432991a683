"""How well a statement fits a question: its parts that decide, the words and forms that carry them, what speaks against
a statement. About texts alone: it knows no index, no model and no other part of retrieval.
"""
