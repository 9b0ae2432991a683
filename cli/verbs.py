"""The verbs of both graphs as commands, made from the tables of verbs."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter as SignatureParameter
from inspect import Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..agents.tools.base import Askable, Parameter, Value
from .terminal import Folder, Json, open_library

if TYPE_CHECKING:
    from ..library import Library


def command_of(verb: Askable, show: Callable[[Library, str, dict[str, Value], bool], None]) -> Callable[..., None]:
    """The verb as a command: its parameters by place, its options by name, then those of every command.

    ``show(library, verb, arguments, as_json)`` asks the verb and prints what it answers.
    """

    def command(library: Folder = None, as_json: Json = False, **arguments: Value) -> None:
        with open_library(library) as opened:
            show(opened, verb.name, arguments, as_json)

    own = [_parameter(parameter) for parameter in verb.parameters]
    shared = [each for each in signature(command, eval_str=True).parameters.values() if each.name != "arguments"]
    # Typer reads what a command takes from its signature.
    command.__signature__ = Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in own} | {"library": Folder, "as_json": Json}
    command.__doc__ = verb.description
    return command


def _parameter(parameter: Parameter) -> SignatureParameter:
    placed = typer.Option if parameter.option else typer.Argument
    default = SignatureParameter.empty if parameter.default is None else parameter.default
    annotation: Any = Annotated[parameter.kind, placed(help=parameter.description)]
    return SignatureParameter(
        parameter.name, SignatureParameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
    )
