"""openai-python: every endpoint that the server has, whole and streamed, and what it must refuse."""

from __future__ import annotations

import sys

from evidentia.benchmarks.client_talks.talk import run
from evidentia.benchmarks.client_talks.with_openai import chat, others, responses  # noqa: F401 - they register their cases

run(*sys.argv[1:])
