"""The steps of an answer. Each is one file with one function of the same purpose; ``agents/ask.py`` puts them in order.

route     a question                        → which of the graphs answers it, if one does    ``Route``
code_graph, knowledge_graph                 → the answer of that graph
rewrite   a question                        → its parts, with the spelling mended             ``Rewritten``
search    one part                          → passages                                        ``list[Evidence]``
read      passages                          → statements, best first                          ``list[Quote]``
abstain   statements                        → whether they answer at all                      ``Judgement``
quote     statements                        → the answer in the documents' words              ``Answer``
write     a quoted answer, statements       → the answer in a model's words                   ``Answer``
check     a sentence, evidence              → the statement that carries it, if one does      ``Evidence``
"""
