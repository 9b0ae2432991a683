"""OpenTelemetry spans of what is asked and added: off until the setting asks for them, without texts unless it says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from evidentia import Library, Settings
from evidentia.errors import InputError, MissingExtra
from evidentia.retrieval.embedders.hash import HashEmbedder

QUESTION = "How often is the pump checked?"
Opened = Callable[[str], Library]


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return exporter


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    (tmp_path / "pump.md").write_text("# Pump\n\nThe pump is checked every 14 days.\n")
    made: list[Library] = []

    def opened(kind: str) -> Library:
        settings = Settings(telemetry=kind)
        made.append(Library(tmp_path / "library", settings=settings, embedder=HashEmbedder()))
        return made[-1]

    yield opened
    for library in made:
        library.close()


def _named(exporter: InMemorySpanExporter, name: str) -> ReadableSpan:
    (found,) = [span for span in exporter.get_finished_spans() if span.name == name]
    return found


def _said(exporter: InMemorySpanExporter) -> str:
    return "\n".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_question_is_a_span_and_each_step_one_below_it(
    opened: Opened, exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    library = opened("spans")
    library.add(tmp_path / "pump.md")
    exporter.clear()
    answer = library.ask(QUESTION)
    asked = _named(exporter, "evidentia.ask")
    below = [span for span in exporter.get_finished_spans() if span is not asked]
    assert [span.name for span in below] == [f"evidentia.{step.name}" for step in answer.trace]
    assert {"evidentia.route", "evidentia.read", "evidentia.verify"} <= {span.name for span in below}
    assert all(span.parent is not None and span.parent.span_id == asked.context.span_id for span in below)
    assert all(asked.start_time <= span.end_time <= asked.end_time for span in below)
    assert asked.attributes["evidentia.status"] == answer.status == "quoted"
    assert asked.attributes["evidentia.citations"] == 1


def test_a_run_of_add_has_a_span_for_each_stage_and_counts_its_files(
    opened: Opened, exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    told: list[str] = []
    opened("spans").add(tmp_path / "pump.md", progress=lambda stage, done, total: told.append(stage))
    added = _named(exporter, "evidentia.add")
    assert added.attributes["evidentia.added"] == 1
    stages = [span.name for span in exporter.get_finished_spans() if span is not added]
    assert stages == [f"evidentia.{stage.replace(' ', '_')}" for stage in dict.fromkeys(told)]
    assert {"evidentia.reading", "evidentia.embedding"} <= {*stages}


def test_no_text_is_in_a_span_unless_the_setting_allows_it(
    opened: Opened, exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    plain = opened("spans")
    plain.add(tmp_path / "pump.md")
    plain.ask(QUESTION)
    plain.ask("Who calls `secretname`?")
    assert not any(word in _said(exporter) for word in ("pump", "14 days", "secretname", str(tmp_path)))
    exporter.clear()
    opened("texts").ask(QUESTION)
    asked = _named(exporter, "evidentia.ask")
    assert asked.attributes["evidentia.question"] == QUESTION
    assert "14 days" in asked.attributes["evidentia.answer"]
    assert _named(exporter, "evidentia.route").attributes["evidentia.detail"]


def test_an_error_ends_the_span_with_its_class(opened: Opened, exporter: InMemorySpanExporter) -> None:
    with pytest.raises(InputError):
        opened("spans").ask("pump" * 2_000)
    asked = _named(exporter, "evidentia.ask")
    assert asked.attributes["error.type"] == "InputError"
    assert not asked.status.is_ok
    assert "pump" not in _said(exporter)


def test_another_value_of_the_setting_is_refused(opened: Opened) -> None:
    with pytest.raises(InputError, match="neither spans nor texts"):
        opened("yes")


def test_without_the_package_the_extra_is_named(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "evidentia.integrations.telemetry", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(MissingExtra, match="otel"):
        opened("spans")


def test_nothing_of_it_is_imported_while_it_is_off(tmp_path: Path) -> None:
    program = f"""
import sys
from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder
with Library({str(tmp_path / "library")!r}, embedder=HashEmbedder()) as library:
    library.ask("What is it?")
sys.exit(any(name.partition(".")[0] == "opentelemetry" or name.endswith(".telemetry") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
