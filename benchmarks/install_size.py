"""How large an installation is: the wheel of this checkout with all that it needs, package by package, on disk.

    python benchmarks/install_size.py [EXTRAS …] [--constraint FILE] [--json]

``EXTRAS`` (default: ``none``, then ``local``) are those of one environment each, apart by commas. Each is made afresh
with pip, which takes minutes. pip's own files do not count. ``--constraint`` goes to pip: a file with
``torch==…+cpu`` holds torch to its build for CPUs where pip is offered that; PyPI's own brings the libraries for GPUs.
"""

from __future__ import annotations

import tempfile
from importlib.metadata import distributions
from pathlib import Path

from evidentia.evaluation.report import arguments, report
from evidentia.scripts.fresh_install import build_wheel, install

SHOWN = 15
_MEGABYTE = 1_000_000
_OF_THE_ENVIRONMENT = {"pip", "setuptools"}


def sizes(packages: Path) -> dict[str, int]:
    """Bytes of the files of each package in a ``site-packages``, the largest first."""
    found = {
        one.name: sum(Path(file.locate()).stat().st_size for file in one.files or () if Path(file.locate()).is_file())
        for one in distributions(path=[str(packages)])
        if one.name not in _OF_THE_ENVIRONMENT
    }
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("extras", nargs="*", default=["none", "local"])
    parser.add_argument("--constraint")
    options = parser.parse_args()
    held = ["--constraint", options.constraint] if options.constraint else []
    found: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as made:
        wheel = build_wheel(Path(made))
        for number, extras in enumerate(options.extras):
            folder = Path(made, str(number))
            install(folder, wheel, "" if extras == "none" else extras, held)
            found[extras] = sizes(next(folder.glob("[Ll]ib/**/site-packages")))
    totals = {extras: sum(packages.values()) for extras, packages in found.items()}
    names = {name for packages in found.values() for name in [*packages][:SHOWN]}
    largest = sorted(names, key=lambda name: -max(packages.get(name, 0) for packages in found.values()))
    rows = [[name, *(packages.get(name, 0) / _MEGABYTE for packages in found.values())] for name in largest]
    rest = [
        (totals[extras] - sum(packages.get(name, 0) for name in largest)) / _MEGABYTE
        for extras, packages in found.items()
    ]
    report(
        options.json,
        "Installed size in MB",
        ["package", *found],
        [*rows, ["all others", *rest], ["all", *(totals[extras] / _MEGABYTE for extras in found)]],
        {f"{extras}_mb": round(total / _MEGABYTE, 1) for extras, total in totals.items()},
    )


if __name__ == "__main__":
    main()
