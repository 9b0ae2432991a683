"""Facts from tree-sitter's syntax trees, for every language but Python."""
