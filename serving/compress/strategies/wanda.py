"""Wanda (Sun et al., 2023, arXiv 2306.11695) over whole channels: weight times activation, with least squares."""

from __future__ import annotations

from ..scores import wanda
from ..strategy import Strategy

STRATEGY = Strategy("wanda", "arXiv 2306.11695", wanda)
