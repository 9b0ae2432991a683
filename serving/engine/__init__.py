"""The engine: many requests, one pass of the model at a time, every guess verified."""
