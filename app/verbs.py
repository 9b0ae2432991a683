"""``/api/graph/…``: one route for each verb of the code graph, with the verb's own parameters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from inspect import Parameter as SignatureParameter
from inspect import Signature
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request

from ..agents.tools.base import Parameter, Value, Verb
from ..agents.tools.verbs import VERBS, verb_named
from ..graphs.code import CodeAnswer
from .desk import AtDesk, Desk
from .reply import Reply

router = APIRouter(prefix="/graph")


def _route(verb: Verb) -> Callable[..., Awaitable[Reply]]:
    async def look_up(request: Request, desk: Desk, **arguments: Value) -> Reply:
        lane = desk.lanes.quick if verb.look_up else desk.lanes.searching
        return Reply(await lane.run(request, partial(desk.library.graph.verb, verb.name, **arguments)))

    shared = [taken("request", Request), taken("desk", AtDesk)]
    # FastAPI reads what a route takes from its signature.
    look_up.__signature__ = Signature([*shared, *map(query_parameter, verb.parameters)])  # type: ignore[attr-defined]
    look_up.__doc__ = verb.description
    look_up.__name__ = verb.name.replace("-", "_")
    return look_up


def query_parameter(parameter: Parameter) -> SignatureParameter:
    bounds: dict[str, Any] = {"ge": parameter.least, "le": parameter.most} if parameter.kind is int else {}
    if parameter.kind is str and parameter.default is None:
        bounds = {"min_length": 1}
    annotation: Any = Annotated[parameter.kind, Query(description=parameter.description, **bounds)]
    return taken(parameter.name, annotation, parameter.default)


def taken(name: str, annotation: object, default: Value | None = None) -> SignatureParameter:
    kept = SignatureParameter.empty if default is None else default
    return SignatureParameter(name, SignatureParameter.KEYWORD_ONLY, default=kept, annotation=annotation)


for _verb in VERBS.values():
    router.get(f"/{_verb.name}", responses={200: {"model": list[CodeAnswer]}})(_route(_verb))


@router.get("/{verb}", include_in_schema=False)
async def no_such_verb(verb: str) -> Reply:
    """Raises ``NotFoundError`` with the verbs that there are."""
    verb_named(verb)
    raise AssertionError(verb)
