"""What a reply may look like, by kind: schemas, patterns, grammars, choices, and the user's own texts."""
