"""``/tokenize`` and ``/detokenize``, vLLM's names: texts or messages to tokens, and back. Knows nothing of HTTP."""

from __future__ import annotations

from typing import Any

from ...errors import InputError
from ...serving.base import TemplateOptions
from ...serving.talk import tools
from .chat import messages_of
from .schema import DetokenizeBody, TokenizeBody
from .served_model import ModelDesk


def tokenize(desk: ModelDesk, body: TokenizeBody) -> dict[str, Any]:
    model = desk.model(body.model or desk.models.name)
    if (body.prompt is None) == (not body.messages):
        raise InputError("either a prompt or messages must be given", where="prompt", fix="send one of them")
    if body.prompt is not None:
        tokens = model.encode(body.prompt)
    else:
        template = TemplateOptions(
            body.chat_template_kwargs, continued=body.continue_final_message, opened=body.add_generation_prompt
        )
        tokens = tools.prompt(model, messages_of(body.messages), [], template=template)
    return {"count": len(tokens), "max_model_len": model.context, "tokens": tokens}


def detokenize(desk: ModelDesk, body: DetokenizeBody) -> dict[str, Any]:
    model = desk.model(body.model or desk.models.name)
    size = model.vocabulary.size
    if any(not 0 <= token < size for token in body.tokens):
        raise InputError(f"a token is a number from 0 to {size - 1:,}", where="tokens")
    return {"prompt": model.decode(body.tokens)}
