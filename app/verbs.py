"""``/api/graph/…``, ``/api/knowledge/…`` and ``/api/tables/…``: one route
for each verb of a graph, made from the table of verbs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import Parameter as SignatureParameter
from inspect import Signature
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request

from ..agents.tools.base import Askable, Parameter, Value
from ..agents.tools.knowledge import KNOWLEDGE, knowledge_verb
from ..agents.tools.tables import TABLES, table_verb
from ..agents.tools.verbs import VERBS, verb_named
from ..graphs.code import CodeAnswer
from .dependencies import AtDesk, LibraryDesk
from .reply import JsonReply
from .schema import AnswerBody

Ask = Callable[..., object]
"""``ask(library, verb, **arguments)`` gives what the reply holds."""


def _router(
    prefix: str, verbs: Mapping[str, Askable], find: Callable[[str], object], ask: Ask, body: Any, name: str = "{}"
) -> APIRouter:
    """``find`` refuses an unknown verb; ``name`` is what the description of the API calls a verb's operation."""
    router = APIRouter(prefix=prefix)
    for verb in verbs.values():
        router.get(f"/{verb.name}", responses={200: {"model": body}})(_route(name.format(verb.name), verb, ask))

    @router.get("/{verb}", include_in_schema=False)
    async def no_such_verb(verb: str) -> JsonReply:
        """Raises ``NotFoundError`` with the verbs that there are."""
        find(verb)
        raise AssertionError(verb)

    return router


def _route(name: str, verb: Askable, ask: Ask) -> Callable[..., Awaitable[JsonReply]]:
    async def look_up(request: Request, desk: LibraryDesk, **arguments: Value) -> JsonReply:
        lane = desk.lanes.quick if verb.look_up else desk.lanes.searching
        return JsonReply(await lane.run(request, partial(ask, desk.library, verb.name, **arguments)))

    shared = [_keyword("request", Request), _keyword("desk", AtDesk)]
    # FastAPI reads what a route takes from its signature.
    look_up.__signature__ = Signature([*shared, *map(_query, verb.parameters)])  # type: ignore[attr-defined]
    look_up.__doc__ = verb.description
    look_up.__name__ = name.replace("-", "_")
    return look_up


def _query(parameter: Parameter) -> SignatureParameter:
    bounds: dict[str, Any] = {"ge": parameter.least, "le": parameter.most} if parameter.kind is int else {}
    if parameter.kind is str and parameter.default is None:
        bounds = {"min_length": 1}
    annotation: Any = Annotated[parameter.kind, Query(description=parameter.description, **bounds)]
    return _keyword(parameter.name, annotation, parameter.default)


def _keyword(name: str, annotation: object, default: Value | None = None) -> SignatureParameter:
    kept = SignatureParameter.empty if default is None else default
    return SignatureParameter(name, SignatureParameter.KEYWORD_ONLY, default=kept, annotation=annotation)


graph = _router(
    "/graph",
    VERBS,
    find=verb_named,
    ask=lambda library, verb, **arguments: library.graph.verb(verb, **arguments),
    body=list[CodeAnswer],
)
knowledge = _router(
    "/knowledge",
    KNOWLEDGE,
    find=knowledge_verb,
    ask=lambda library, verb, **arguments: library.knowledge.verb(verb, **arguments).to_dict(),
    body=AnswerBody,
    name="knowledge_{}",
)
tables = _router(
    "/tables",
    TABLES,
    find=table_verb,
    ask=lambda library, verb, **arguments: library.tables.verb(verb, **arguments).to_dict(),
    body=AnswerBody,
    name="tables_{}",
)
