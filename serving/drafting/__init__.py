"""Ways to guess the next tokens, by name. The verifier makes each of them exact."""
