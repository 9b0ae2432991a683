"""English questions to a graph, whatever it is about: words, tokens, names, amounts, and what is wanted."""
