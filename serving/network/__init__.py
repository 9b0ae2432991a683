"""What computes logits from tokens: forward passes with their caches of keys and values, and the one thread for them."""
