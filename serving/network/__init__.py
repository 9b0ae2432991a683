"""What computes logits from tokens: forward passes, their caches of keys and values, and the one thread for them."""
