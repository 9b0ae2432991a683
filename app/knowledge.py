"""``/api/knowledge/…``: one route for each verb of the knowledge graph, with the verb's own parameters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from inspect import Signature

from fastapi import APIRouter
from starlette.requests import Request

from ..agents.tools.base import Value
from ..agents.tools.knowledge import KNOWLEDGE, KnowledgeVerb, knowledge_verb
from .desk import AtDesk, Desk
from .reply import Reply
from .schema import AnswerBody
from .verbs import query_parameter, taken

router = APIRouter(prefix="/knowledge")


def _route(verb: KnowledgeVerb) -> Callable[..., Awaitable[Reply]]:
    async def look_up(request: Request, desk: Desk, **arguments: Value) -> Reply:
        call = partial(desk.library.knowledge.verb, verb.name, **arguments)
        return Reply((await desk.lanes.searching.run(request, call)).to_dict())

    shared = [taken("request", Request), taken("desk", AtDesk)]
    # FastAPI reads what a route takes from its signature.
    look_up.__signature__ = Signature([*shared, *map(query_parameter, verb.parameters)])  # type: ignore[attr-defined]
    look_up.__doc__ = verb.description
    look_up.__name__ = f"knowledge_{verb.name}"
    return look_up


for _verb in KNOWLEDGE.values():
    router.get(f"/{_verb.name}", responses={200: {"model": AnswerBody}})(_route(_verb))


@router.get("/{verb}", include_in_schema=False)
async def no_such_knowledge_verb(verb: str) -> Reply:
    """Raises ``NotFoundError`` with the verbs that there are."""
    knowledge_verb(verb)
    raise AssertionError(verb)
