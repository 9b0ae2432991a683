"""The check whether one statement carries a claim: exact rules, one kind of fault a file, then a small judge
(``verdict.py``)."""
