"""Whether the calls of a conversation and their answers belong together, as OpenAI's API wants it.

A template would show an answer to nothing, or a call that was never answered, and the model would go on from there.
Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...errors import InputError
from ...serving.base import Message


def check_answers(messages: Mapping[int, Message], where: str, *, behind: bool) -> None:
    """``messages`` stand by their place under ``where``. Raises ``InputError``, which names it, for an answer to a call
    that was not made and for a call without an answer. ``behind``: answers stand right behind the message that made
    the calls.

    Where a client leaves out ids, answers belong to the calls in their order. A second answer to a call is let be.
    """
    made: set[str] = set()
    waiting: list[tuple[str, int]] = []
    """The ids of calls without an answer, and the place of the message that made them."""
    for at, message in messages.items():
        if message.role == "tool":
            ids = [id for id, _ in waiting]
            found = message.answers if message.answers in ids else ids[0] if ids and not message.answers else ""
            if found in ids:
                del waiting[ids.index(found)]
            elif not message.answers or message.answers not in made:
                raise _no_call(message.answers, f"{where}.{at}", behind)
            continue
        if behind:
            _check_none_waits(waiting, where)
            made = set()
        made |= {call.id for call in message.calls}
        waiting += [(call.id, at) for call in message.calls]
    _check_none_waits(waiting, where)


def _no_call(id: str, where: str, behind: bool) -> InputError:
    call = f"the call {id[:100]}" if id else "a call"
    maker = "the assistant's message before it" if behind else "nothing before it"
    return InputError(
        f"this is an answer to {call}, which {maker} {'did not make' if behind else 'made'}",
        where=where,
        fix="send the calls as the assistant made them, then an answer to each",
    )


def _check_none_waits(waiting: Sequence[tuple[str, int]], where: str) -> None:
    for id, at in waiting:
        raise InputError(
            f"a call of this message has no answer{id and f' ({id[:100]})'}",
            where=f"{where}.{at}",
            fix="send what each call gave behind it, or leave the calls out",
        )
