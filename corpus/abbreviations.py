"""Usual abbreviations of everyday and technical words that are not simply their beginnings, as keys and columns have
them."""

from __future__ import annotations

USUAL: dict[str, tuple[str, ...]] = {
    "number": ("no", "nr", "num"), "percent": ("pct",), "percentage": ("pct",),
    "transfer": ("xfer",), "transfers": ("xfers",),
    "average": ("avg",), "quantity": ("qty",), "amount": ("amt",), "message": ("msg",), "extension": ("ext",),
    "telephone": ("tel",), "department": ("dept",), "account": ("acct",), "address": ("addr",), "maximum": ("max",),
    "minimum": ("min",), "count": ("cnt",), "received": ("rx",), "sent": ("tx",), "temperature": ("temp", "tmp"),
    "voltage": ("v", "volt"), "frequency": ("freq",),
}  # fmt: skip
