"""The command line and everything that only a terminal needs."""
