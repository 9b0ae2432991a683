"""Language models: in this process, behind an endpoint, scripted for tests; where their checkpoints come from, and what
is done to their weights."""
