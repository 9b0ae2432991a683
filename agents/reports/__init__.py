"""Answers as reports in Markdown, and the check of every citation of one."""
