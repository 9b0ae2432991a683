"""Fifty askers of one server while documents are added: how long its status takes, what fails, what memory it holds.

    python benchmarks/askers.py                             # ten minutes; the slow ones read by cfic, seal, likelihood
    python benchmarks/askers.py --seconds 120 --no-model    # they ask for multihop, structure and reader

42 ask, search, query the graph and look at the status; 8 ask for what is slow and leave after half a second. Beside
them ``evidentia add`` runs again and again on a folder that changes, and half requests come in. The server is a process
of its own, ``evidentia chat``. Memory is its resident size and that of its own processes; flat means that the last
third of the time holds no more than the one before. How late the machine itself is, with whatever else runs on it, is
told by a process that does next to nothing and asks nobody: what it loses, the server loses as well, at each of a
request's turns.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from argparse import BooleanOptionalAction
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

from evidentia.evaluation.report import arguments, report

ASKERS, LEAVING = 42, 8
WORDS = (
    *("pump", "valve", "tank", "motor", "rate", "pressure", "limit", "water", "well"),
    *("start", "stop", "check", "setting", "default", "seconds", "litres"),
)
CODE = "def start_{0}(rate):\n    return check_{0}(rate)\n\n\ndef check_{0}(rate):\n    return rate <= {0}\n"


def write(folder: Path, numbers: range, draw: random.Random) -> None:
    for number in numbers:
        lines = [f"The {draw.choice(WORDS)} of part {number} is {draw.randrange(1000)} bar." for _ in range(20)]
        text = f"# Part {number}\n\n" + "\n\n".join([" ".join(draw.choices(WORDS, k=30)) + ".", *lines])
        (folder / f"part{number}.md").write_text(text, encoding="utf-8")
        (folder / f"part{number}.py").write_text(CODE.format(number), encoding="utf-8")


LATENESS = """
import sys, time
while True:
    begun = time.perf_counter()
    time.sleep(0.02)
    sum(range(100_000))
    print(time.perf_counter() - begun, flush=True)
"""
"""About 25 ms on a machine with nothing else to do."""
FAILED = (500, 502, 504, 507)
"""Replies that say that the server, and not the request, was at fault; 503 says that it had too many."""


class Askers:
    """What all of them saw."""

    def __init__(self, address: str, seconds: float, model: bool) -> None:
        self.address, self.until, self.model = address, time.monotonic() + seconds, model
        self.status: list[float] = []
        self.codes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def run(self, behave: Callable[[httpx.Client, random.Random], None], seed: int) -> None:
        draw = random.Random(seed)
        with httpx.Client(base_url=self.address, timeout=90) as client:
            while time.monotonic() < self.until:
                behave(client, draw)
                time.sleep(draw.uniform(0.2, 1.0))

    def ask(self, client: httpx.Client, draw: random.Random) -> None:
        part = draw.randrange(60)
        kind = draw.choice(("status", "ask", "search", "graph", "cypher"))
        started = time.perf_counter()
        try:
            if kind == "status":
                reply = client.get("/api/status")
            elif kind == "ask":
                question = f"What is the {draw.choice(WORDS)} of part {part}?"
                reply = client.post("/api/ask", json={"question": question})
            elif kind == "search":
                reply = client.get("/api/search", params={"question": f"part {part}"})
            elif kind == "graph":
                reply = client.get("/api/graph/callers", params={"name": f"check_{part}"})
            else:
                query = {"cypher": f"MATCH (f:FUNCTION {{name: 'start_{part}'}})-[:CALLS]->(g) RETURN g.name"}
                reply = client.post("/api/graph/query", json=query)
        except httpx.HTTPError as error:
            self.saw(f"{kind} {type(error).__name__}")
            return
        self.saw(f"{kind} {reply.status_code}")
        if reply.status_code in FAILED:
            print(f"{kind} {reply.status_code}: {reply.text[:500]}", file=sys.stderr, flush=True)
        if kind == "status":
            with self._lock:
                self.status.append(time.perf_counter() - started)

    def leave(self, client: httpx.Client, draw: random.Random) -> None:
        slow = ("cfic", "seal", "likelihood") if self.model else ("multihop", "structure", "reader")
        words = {"question": " ".join(draw.choices(WORDS, k=8)), "retriever": draw.choice(slow)}
        try:
            code = client.get("/api/search", params=words, timeout=0.5).status_code
        except httpx.HTTPError:
            self.saw("left")
        else:
            self.saw(f"slow {code}")

    def send_half(self) -> None:
        host, _, port = self.address.removeprefix("http://").partition(":")
        while time.monotonic() < self.until:
            with socket.create_connection((host, int(port)), timeout=60) as client:
                client.sendall(b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nConte")
                closed = False
                while not closed:
                    try:
                        closed = not client.recv(4096)
                    except ConnectionResetError:
                        closed = True
            self.saw("half request closed")

    def saw(self, what: str) -> None:
        with self._lock:
            self.codes[what] += 1


def resident(pid: int) -> float:
    """Megabytes of a process and of those that it started."""
    own = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if pid in (int(folder.name), parent):
                own += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return own / 1e6


def measure(folder: Path, seconds: float, model: bool) -> tuple[Askers, list[float], list[float], int]:
    documents, draw = folder / "documents", random.Random(0)
    documents.mkdir()
    write(documents, range(60), draw)
    program = [sys.executable, "-P", "-m", "evidentia"]
    add = [*program, "add", str(documents), "--library", str(folder / "library")]
    subprocess.run(add, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [*program, "chat", "--port", "0", "--library", str(folder / "library")], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    address = server.stdout.readline().split()[0].rstrip("/")
    with httpx.Client(base_url=address, timeout=120) as client:  # loaded once, so that memory is compared warm
        for retriever in ("fused", *(("cfic", "seal", "likelihood") if model else ("multihop", "structure", "reader"))):
            client.get("/api/search", params={"question": "the pump", "retriever": retriever})
        client.post("/api/graph/query", json={"cypher": "MATCH (n) RETURN count(n)"})
    askers = Askers(address, seconds, model)
    threads = [threading.Thread(target=askers.run, args=(askers.ask, seed)) for seed in range(ASKERS)]
    threads += [threading.Thread(target=askers.run, args=(askers.leave, ASKERS + seed)) for seed in range(LEAVING)]
    threads += [threading.Thread(target=askers.send_half) for _ in range(4)]
    with (folder / "lateness").open("w") as told:
        idle = subprocess.Popen([sys.executable, "-c", LATENESS], stdout=told)
    for thread in threads:
        thread.start()
    memory, added = [], 0
    while time.monotonic() < askers.until:
        write(documents, range(added % 60, added % 60 + 5), draw)
        writing = subprocess.Popen(add, stdout=subprocess.DEVNULL)
        while writing.poll() is None:
            time.sleep(0.5)
            memory.append(resident(server.pid))
        added += 1
    for thread in threads:
        thread.join()
    server.terminate()
    server.wait()
    idle.kill()
    idle.wait()
    late = [float(line) for line in (folder / "lateness").read_text().split("\n")[:-1]]
    return askers, memory, late, added


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument(
        "--model", action=BooleanOptionalAction, default=True, help="the slow ones let the local model read"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        askers, memory, lateness, added = measure(Path(folder), options.seconds, options.model)
    status, lateness = sorted(askers.status), sorted(lateness)
    third = len(memory) // 3
    early, late = statistics.median(memory[third : 2 * third]), statistics.median(memory[2 * third :])
    failed = sum(n for what, n in askers.codes.items() if what.split()[-1] in map(str, FAILED))
    metrics: dict[str, object] = {
        "requests": sum(askers.codes.values()),
        "status": len(status),
        "status_median_s": round(statistics.median(status), 3),
        "status_p99_s": round(status[int(0.99 * (len(status) - 1))], 3),
        "status_max_s": round(status[-1], 3),
        "machine_median_s": round(statistics.median(lateness), 3),
        "machine_p99_s": round(lateness[int(0.99 * (len(lateness) - 1))], 3),
        "machine_max_s": round(lateness[-1], 3),
        "refused_503": sum(n for what, n in askers.codes.items() if what.endswith("503")),
        "other_5xx": failed,
        "broken": sum(n for what, n in askers.codes.items() if what.endswith(("Error", "Timeout"))),
        "left": askers.codes["left"],
        "half_requests_closed": askers.codes["half request closed"],
        "runs_of_add": added,
        "memory_second_third_mb": round(early),
        "memory_last_third_mb": round(late),
        "memory_most_mb": round(max(memory)),
        "memory_growth_percent": round(100 * (late / early - 1), 1),
        "goals": "status_p99_s <= 1, other_5xx 0, memory_growth_percent within 5",
    }
    print(dict(askers.codes), file=sys.stderr)
    report(options.json, "50 askers, 8 of them leaving", ("", ""), list(metrics.items()), metrics)


if __name__ == "__main__":
    main()
