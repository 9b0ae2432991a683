"""Language models behind one contract: in this process or behind an OpenAI-compatible endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ..settings import Settings
    from .models.endpoint import EndpointModel
    from .models.local import LocalTransformers


def load(
    name: str,
    settings: Settings,
    learnt: Path | None = None,
    texts: Callable[[], Iterable[str]] | None = None,
) -> LocalTransformers | EndpointModel:
    """The model that answers: at ``settings.endpoint`` when one is set, else the local one called ``name``.

    Nothing is downloaded here. Raises ``ModelError`` when the model is not there yet, naming the command that gets it.
    """
    if settings.endpoint:
        from .models.endpoint import EndpointModel

        return EndpointModel(name, settings.endpoint)
    return load_in_process(name, settings, learnt, texts)


def load_in_process(
    name: str,
    settings: Settings,
    learnt: Path | None = None,
    texts: Callable[[], Iterable[str]] | None = None,
) -> LocalTransformers:
    """The local model called ``name``, whatever ``settings.endpoint`` says; ``learnt`` is the file that keeps what
    drafting learns (``LocalTransformers.remember``), ``texts`` gives what some drafters guess from (``guess_from``).
    Raises ``ModelError`` like ``load``, ``MissingExtra`` without the extra ``local``."""
    from ..errors import ModelError, require
    from .engine.room import EngineRoom
    from .models import hub
    from .models.local import load_local

    require("torch", "local")
    folder = hub.find(name, settings.cache)
    if folder is None:
        raise ModelError("the model is not on this machine", where=name, fix=f"run: evidentia model get {name}")
    model = load_local(
        folder,
        name,
        kind=settings.weights or None,
        long_inputs=settings.long_inputs,
        drafter=settings.drafter,
        room=EngineRoom(settings.kv_bytes, settings.requests),
    )
    if learnt is not None:
        model.remember(learnt)
    if texts is not None:
        model.guess_from(texts)
    return model
