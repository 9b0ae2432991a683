"""How long after a save the code graph answers with what was saved, while ``evidentia graph watch`` follows the folder.

    python benchmarks/watch.py [FOLDER] [--json]

``FOLDER`` (default: the installed networkx) is copied. Five times a function is appended to a file in the middle of the
list; the time runs from the save to the first answer of ``callers`` that has it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidentia import Library, Settings
from evidentia.evaluation.packages import networkx_folder
from evidentia.evaluation.report import arguments, report

TIMES = 5


def saved(library: Library, file: Path, number: int) -> float:
    """Seconds from the save to the answer."""
    name = f"fresh_{number}"
    more = f"\n\ndef {name}_called():\n    pass\n\n\ndef {name}():\n    {name}_called()\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    since = time.perf_counter()
    known = "SELECT 1 FROM code_names WHERE name LIKE ?"
    while library.store.connection.execute(known, (f"%.{name}_called",)).fetchone() is None:
        time.sleep(0.02)
    while not library.graph.verb("callers", f"{name}_called")[0].rows:
        time.sleep(0.02)
    return time.perf_counter() - since


@contextmanager
def following(home: Path) -> Iterator[None]:
    """``evidentia graph watch`` in a process of its own."""
    command = [sys.executable, "-P", "-m", "evidentia", "graph", "watch", "--library", str(home)]
    environment = {**os.environ, "EVIDENTIA_EMBEDDER": "hash", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        while "watching" not in process.stdout.readline():
            pass
        yield
        process.terminate()


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=networkx_folder())
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, home = Path(made) / options.folder.name, Path(made) / "library"
        shutil.copytree(options.folder, folder)
        files = sorted(folder.rglob("*.py"))
        with Library(home, settings=Settings(embedder="hash")) as library:
            library.add(folder)
            with following(home):
                taken = [saved(library, files[len(files) // 2], number) for number in range(TIMES)]
    rows = [("files", len(files)), ("median s", statistics.median(taken)), ("slowest s", max(taken))]
    report(options.json, "From a save to a fresh answer", ("what", "measured"), rows, dict(rows))


if __name__ == "__main__":
    main()
