"""Checks every citation of a report: python examples/verify_report.py FOLDER report.md

Ends with exit code 1 when a quote does not stand where the report says, or does not carry its claim.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from evidentia import Library

folder, report = sys.argv[1:]
with TemporaryDirectory() as place, Library(place) as library:
    library.add(folder)
    result = library.verify(Path(report).read_text(encoding="utf-8"))
    for checked in result.checked:
        print(f"line {checked.line}, [{checked.number}] {checked.place}: {checked.outcome}")
        for reason in checked.reasons:
            print(f"    {reason}")
    sys.exit(1 if result.failures else 0)
