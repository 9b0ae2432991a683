"""The same server on Ray Serve: replicas of one model behind Ray's proxy, on as many machines as the cluster has.

Each replica has an engine, a prefix cache and metrics of its own; Ray spreads the requests. The only file that knows
Ray.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import InputError, MissingExtra
from ..settings import Settings
from .openai.served_model import THREADS

if TYPE_CHECKING:
    from fastapi import FastAPI

_KNOWN = ("model", "replicas", "cpus", "gpus")


def app(arguments: Mapping[str, str]) -> Any:
    """The Ray Serve application of ``serve run evidentia.app.ray:app model=… replicas=…``.

    Also understands ``cpus`` and ``gpus`` of each replica. The token is EVIDENTIA_TOKEN of the process that starts it;
    without one, only requests addressed to the machine's own names are answered. Raises ``InputError`` for arguments
    that it does not know, ``MissingExtra`` without Ray.
    """
    if unknown := arguments.keys() - set(_KNOWN):
        raise InputError("there is no such argument", where=min(unknown), fix=f"give {', '.join(_KNOWN)}")
    settings = Settings.from_env()
    settings = replace(settings, model=arguments.get("model", settings.model))
    return replicas(
        _builder(settings),
        count=_number(arguments, "replicas", int, 1),
        cpus=_number(arguments, "cpus", float, 1.0),
        gpus=_number(arguments, "gpus", float, 0.0),
    )


def replicas(build: Callable[[], FastAPI], *, count: int = 1, cpus: float = 1.0, gpus: float = 0.0) -> Any:
    """A Ray Serve application of ``count`` replicas, each with the application that ``build`` makes there."""
    try:
        from ray import serve
    except ImportError as error:
        raise MissingExtra("ray", "ray") from error
    deployment = serve.deployment(
        name="evidentia",
        num_replicas=count,
        max_ongoing_requests=THREADS,
        ray_actor_options={"num_cpus": cpus, "num_gpus": gpus},
    )
    return deployment(serve.ingress(build)()).bind()


def _builder(settings: Settings) -> Callable[[], FastAPI]:
    token = os.environ.get("EVIDENTIA_TOKEN")

    def build() -> FastAPI:
        from .openai.served_model import of_settings
        from .server import create_app

        return create_app(models=of_settings(settings), token=token)

    return build


def _number(arguments: Mapping[str, str], name: str, kind: Callable[[str], Any], default: float) -> Any:
    try:
        found = kind(arguments[name]) if name in arguments else default
    except ValueError as error:
        raise InputError("that is not a number", where=f"{name}={arguments[name]}", fix="give a number") from error
    if found < 0 or (name == "replicas" and found < 1):
        raise InputError("there must be at least one" if name == "replicas" else "it cannot be negative", where=name)
    return found
