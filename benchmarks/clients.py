"""``evidentia model serve`` asked by the clients that people use, unchanged: each one's main ways to chat, stream, call
tools, have replies in a form, count, embed and fail, and for each what a reference server would do.

The requests stand in ``client_talks``, a file or folder for each client. Every client is installed into an environment
of its own below ``--venv``, which can be thrown away; what cannot be installed is skipped, with a word. Right is the
right reply, or the right refusal: its status, OpenAI's type of error, and a sentence that names the parameter. A run
that was stopped goes on where it was when ``--kept`` names a folder: what was right is not asked again.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evidentia.evaluation.report import arguments, report
from evidentia.serving.models import hub
from evidentia.settings import Settings

HERE = Path(__file__).resolve().parent
TALKS = HERE / "client_talks"
LINKS = HERE.parent / ".links"
PACKAGES = {
    "openai": ("openai",),
    "litellm": ("litellm",),
    "langchain": ("langchain-openai",),
    "llamaindex": ("llama-index-llms-openai-like",),
    "instructor": ("instructor",),
    "pydantic_ai": ("pydantic-ai-slim[openai]",),
    "lm_eval": ("lm_eval[api]", "transformers"),
    "node": ("openai", "zod"),
}
"""What is installed for each client."""
QUIET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
"""Clients ask nobody but the server."""
Outcome = dict[str, Any]


@contextmanager
def served(settings: Settings) -> Iterator[dict[str, str]]:
    """A server of the packaged model; gives what a talk must know, as variables of its environment."""
    command = [sys.executable, "-P", "-m", "evidentia", "model", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().split()[0]
            folder = hub.find(settings.model, settings.cache)
            yield {
                "TALK_ADDRESS": address,
                "TALK_MODEL": settings.model,
                "TALK_EMBEDDER": settings.embedder,
                "TALK_TOKENIZER": str(folder),
            }
        finally:
            running.send_signal(signal.SIGINT)


def install(client: str, folder: Path) -> list[str]:
    """Installs ``client`` below ``folder`` unless it is there; gives the command that talks. Raises ``OSError`` or
    ``CalledProcessError`` where it is not to be had."""
    home = folder / client
    done, packages = home / "installed", PACKAGES[client]
    if client == "node":
        home.mkdir(parents=True, exist_ok=True)
        if not done.exists():
            _run("npm", "install", "--silent", "--no-audit", "--no-fund", *packages, folder=home)
        shutil.copy(TALKS / "with_node.mjs", home)  # Node looks for packages beside the script.
        command = ["node", str(home / "with_node.mjs")]
    else:
        python = str(home / "bin" / "python")
        if not done.exists():
            _run(sys.executable, "-m", "venv", str(home))
            pip = (
                ("uv", "pip", "install", "--python", python) if shutil.which("uv") else (python, "-m", "pip", "install")
            )
            _run(*pip, "--quiet", *packages)
        command = [python, "-P", "-m", f"evidentia.benchmarks.client_talks.with_{client}"]
    done.touch()
    return command


def talk(command: list[str], only: str, told: dict[str, str], kept: Path) -> list[Outcome]:
    """What came of each request. Outcomes are written to ``kept`` as they come, and those that stand there and were
    right are not asked again. A talk that breaks off is one more that is wrong."""
    found = {each["name"]: each for each in read_kept(kept) if each["right"]}
    environment = {**os.environ, **QUIET, **told, "PYTHONPATH": str(LINKS), "TALK_MADE": json.dumps(list(found))}
    with (
        tempfile.TemporaryFile("w+") as errors,
        kept.open("a") as written,
        subprocess.Popen([*command, only], stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as made,
    ):
        assert made.stdout is not None
        for line in made.stdout:
            if line.startswith('{"name"'):
                found |= {json.loads(line)["name"]: json.loads(line)}
                written.write(line)
                written.flush()
        code = made.wait()
        errors.seek(0)
        lines = errors.read().strip().splitlines() or ["it said nothing"]
    broken = [{"name": "(the talk itself)", "right": False, "why": lines[-1]}] if code or not found else []
    return [*found.values(), *broken]


def read_kept(file: Path) -> list[Outcome]:
    """The outcomes that stand in ``file``; a last line that was cut off is left out."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}\n")]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--venv", type=Path, help="where clients are installed (default: a folder that is deleted)")
    parser.add_argument("--clients", nargs="*", default=list(PACKAGES), choices=list(PACKAGES))
    parser.add_argument("--only", default="", help="requests whose name holds this")
    parser.add_argument("--kept", type=Path, help="where outcomes are written as they come, for a run that goes on")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away, served(Settings.from_env()) as told:
        kept = given.kept or Path(thrown_away, "kept")
        kept.mkdir(parents=True, exist_ok=True)
        outcomes: dict[str, list[Outcome] | None] = {}
        for client in given.clients:
            try:
                command = install(client, (given.venv or Path(thrown_away)).absolute())
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{client} is skipped, it cannot be installed: {error}", file=sys.stderr)
                outcomes[client] = None
                continue
            outcomes[client] = talk(command, given.only, told, kept / f"{client}.jsonl")
    _print(given.json, outcomes)


def _print(as_json: bool, outcomes: dict[str, list[Outcome] | None]) -> None:
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    for client, found in outcomes.items():
        if found is None:
            rows.append([client, "skipped", "", ""])
            continue
        wrong = [each for each in found if not each["right"]]
        for each in wrong:
            print(f"{client}, {each['name']}: {each['why']}", file=sys.stderr)
        names = "; ".join(each["name"] for each in wrong)
        rows.append([client, len(found), len(found) - len(wrong), f"{len(wrong)}: {names}" if wrong else 0])
        metrics |= {f"{client} requests": len(found), f"{client} right": len(found) - len(wrong)}
    report(as_json, "Clients of model serve", ("client", "requests", "right", "wrong"), rows, metrics)


def _run(*command: str, folder: Path | None = None) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
