"""The corpus: documents, their passages and words, as read from files and kept in the library's store. Knows no model
and no search."""
