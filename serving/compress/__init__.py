"""A smaller model out of a larger one: one skeleton, many strategies, a plain checkpoint."""
