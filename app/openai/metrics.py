"""What the server has done, in Prometheus' text format. Knows nothing of requests or HTTP."""

from __future__ import annotations

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ...serving.engine.request import TokenUsage

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """Counters of one server. Safe to use from several threads."""

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        self._replies = Counter("evidentia_replies", "Replies by how they ended.", ["route", "finish"], registry=own)
        self._tokens = Counter(
            "evidentia_tokens",
            "Tokens of prompts, those of them read before, and written ones.",
            ["kind"],
            registry=own,
        )
        self._drafts = Counter(
            "evidentia_drafts",
            "Guessed tokens by drafter, and those that were right.",
            ["drafter", "kind"],
            registry=own,
        )
        self._passes = Counter("evidentia_passes", "Passes of the model that wrote something.", registry=own)
        self._waiting = Gauge("evidentia_replies_waiting", "Replies without a first token yet.", registry=own)
        self._running = Gauge("evidentia_replies_running", "Replies that are being written.", registry=own)
        self._first = Histogram(
            "evidentia_first_token_seconds", "Time to the first text of a reply.", buckets=_SECONDS, registry=own
        )
        self._whole = Histogram("evidentia_reply_seconds", "Time to its end.", buckets=_SECONDS, registry=own)

    def waiting(self) -> Wait:
        """One reply that waits from now on."""
        return Wait(self._waiting, self._running, self._first)

    def count(self, route: str, finish: str, usage: TokenUsage, seconds: float) -> None:
        """One reply that has ended."""
        self._running.dec()
        self._replies.labels(route, finish).inc()
        self._whole.observe(seconds)
        self._passes.inc(usage.passes)
        for kind, count in (("prompt", usage.prompt), ("cached", usage.cached), ("written", usage.written)):
            self._tokens.labels(kind).inc(count)
        for drafter, (drafted, accepted) in (usage.by_source or {"all": (usage.drafted, usage.accepted)}).items():
            self._drafts.labels(drafter, "drafted").inc(drafted)
            self._drafts.labels(drafter, "accepted").inc(accepted)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class Wait:
    """``over`` when the first text is there, or when none will come; only its first call counts."""

    def __init__(self, waiting: Gauge, running: Gauge, first: Histogram) -> None:
        self._waiting, self._running, self._first = waiting, running, first
        self._since: float | None = perf_counter()
        waiting.inc()

    def over(self) -> None:
        if self._since is None:
            return
        self._waiting.dec()
        self._running.inc()
        self._first.observe(perf_counter() - self._since)
        self._since = None
