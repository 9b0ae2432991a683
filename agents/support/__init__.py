"""Whether one statement carries a claim: exact rules, a fault each in a file, then a small judge (``verdict.py``)."""
