"""Questions and runs of ``add`` as OpenTelemetry spans, each step and stage a span below. Raises ``MissingExtra``
without the extra ``otel``.

Imported only where ``EVIDENTIA_TELEMETRY`` asks for it. Who exports the spans, and where to, is set up outside, as for
any program (``opentelemetry-instrument evidentia chat``). What people ask and store stays out of them unless the
setting is ``texts``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..agents.answer import Answer, Event, Step
from ..errors import InputError, MissingExtra
from ..ingest import AddReport, Progress

try:
    from opentelemetry import trace
    from opentelemetry.trace import Span, SpanKind, StatusCode
except ImportError as error:
    raise MissingExtra("opentelemetry-api", "otel") from error

TIMES, TEXTS = "spans", "texts"
"""Values of the setting: names, times and counts; those, and questions, answers and details of steps."""


class Telemetry:
    def __init__(self, kind: str) -> None:
        if kind not in (TIMES, TEXTS):
            raise InputError(
                "EVIDENTIA_TELEMETRY is neither spans nor texts", where=kind, fix="set one of these, or unset it"
            )
        self._texts = kind == TEXTS
        self._tracer = trace.get_tracer("evidentia")

    def ask(self, question: str, events: Iterator[Event]) -> Iterator[Event]:
        """The same events. A step is known once it is done, so its span is written with the time that it took."""
        with self._span("evidentia.ask", {"question": question}) as (span, texts):
            for event in events:
                if isinstance(event, Step):
                    end = time.time_ns()
                    child = self._below(span, event.name, end - round(event.seconds * 1e9))
                    if self._texts:
                        child.set_attribute("evidentia.detail", event.detail)
                    child.end(end)
                elif isinstance(event, Answer):
                    counts = {"citations": len(event.citations), "steps": len(event.trace)}
                    _set(span, {"status": event.status, "fit": event.fit, **counts})
                    texts |= {"answer": event.text, "model": event.model}  # a model may be called by a path
                yield event

    @contextmanager
    def add(self, report: AddReport, progress: Progress | None) -> Iterator[Progress]:
        """Gives a progress that begins a span with each stage, and hands on what it is told."""
        below: list[tuple[str, Span]] = []

        with self._span("evidentia.add", {}) as (span, _):

            def begin(stage: str, done: int, total: int) -> None:
                if not below or below[-1][0] != stage:
                    if below:
                        below[-1][1].end()
                    below.append((stage, self._below(span, stage.replace(" ", "_"))))
                _set(below[-1][1], {"done": done, "total": total})
                if progress is not None:
                    progress(stage, done, total)

            try:
                yield begin
            finally:
                if below:
                    below[-1][1].end()
                lists = ("added", "changed", "removed", "skipped", "partial")
                counts = {name: len(getattr(report, name)) for name in lists}
                _set(span, {**counts, "unchanged": report.unchanged})

    @contextmanager
    def _span(self, name: str, texts: dict[str, str]) -> Iterator[tuple[Span, dict[str, str]]]:
        """Not the current span of the thread: a question is a generator, and what runs between two of its events is
        not part of it. ``texts`` are set at the end, where the setting allows them."""
        span = self._tracer.start_span(name, kind=SpanKind.INTERNAL)
        try:
            yield span, texts
        except Exception as error:
            span.set_status(StatusCode.ERROR, str(error) if self._texts else None)
            span.set_attribute("error.type", type(error).__name__)
            raise
        finally:
            if self._texts:
                _set(span, texts)
            span.end()

    def _below(self, span: Span, name: str, start: int | None = None) -> Span:
        return self._tracer.start_span(f"evidentia.{name}", trace.set_span_in_context(span), start_time=start)


def _set(span: Span, values: Mapping[str, Any]) -> None:
    span.set_attributes({f"evidentia.{name}": value for name, value in values.items() if value != ""})
