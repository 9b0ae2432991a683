"""A question in English as Cypher over any property graph, by its schema alone: no language model."""
