"""Files to documents: ``walk`` tells which to read, ``read`` reads one. Readers are imported when first used."""

from .load import digest as digest
from .load import read as read
from .load import read_safely as read_safely
from .walk import FoundFile as Found
from .walk import Skipped as Skipped
from .walk import walk as walk

__all__ = ["Found", "Skipped", "digest", "read", "read_safely", "walk"]
