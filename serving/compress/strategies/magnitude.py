"""The largest weights stay: a warning, not a way. Two channels that hold most of a layer's energy have small ones."""

from __future__ import annotations

from ..scores import magnitude
from ..strategy import Strategy

STRATEGY = Strategy("magnitude", "–", magnitude, solve="none")
