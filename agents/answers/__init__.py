"""The forms of an answer in the documents' own words: quotes, passages, lists, and several of them as one."""
