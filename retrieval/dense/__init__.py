"""Search by meaning: vectors of passages, compared by faiss."""
