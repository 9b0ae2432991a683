"""A language model in this process: any causal model that transformers loads, with its KV cache kept between calls.

Everything goes through transformers' public hooks (model, cache, tokenizer, chat template). Knows nothing of where the
checkpoint came from, nor of retrieval and prompts.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ...corpus import cancellation
from ...errors import EvidentiaError, InputError, ModelError
from ..base import (
    GREEDY,
    PLAIN_TEMPLATE,
    CallFormat,
    FunctionTool,
    Message,
    Sampling,
    Session,
    StreamedReply,
    TemplateOptions,
)
from ..constraints.grammar import Vocabulary, vocabulary
from ..drafting import drafter_for, learnt, seed
from ..drafting.drafter import Drafter, LearningDrafter
from ..engine.engine import Engine
from ..engine.room import EngineRoom
from ..engine.session import NetworkSession, join, resume
from ..network import torch_thread
from ..network.choose import network_for
from ..network.cuda_graphs import warm_up
from ..network.dtype import fastest_dtype
from ..network.long_inputs import lengthen
from ..network.network import CausalNetwork
from ..talk import text
from ..talk.call_formats import PLAIN, format_of
from ..talk.chat_template import template_turns
from ..talk.session_writer import SessionWriter
from . import adapters, quantise
from .checkpoint import NO_CODE, refuse_pickles, verify
from .convert import first_line, quiet_transformers
from .fingerprint import fingerprint
from .stateful import StatefulSession, needs_past

ROOM = EngineRoom()
NO_TEXTS: Callable[[], Iterable[str]] = tuple


class LocalTransformers:
    """A ``LocalModel`` over a transformers model and its tokenizer. Replies may be streamed from several threads."""

    def __init__(
        self,
        name: str,
        model: Any,
        tokenizer: Any,
        *,
        kind: str = "plain",
        long_inputs: int = 0,
        drafter: str = "union",
        room: EngineRoom = ROOM,
    ) -> None:
        """``kind``: how weights are multiplied, see ``network/linear.py``; ``long_inputs``: tokens of the longest
        sequence, where that is more than the model's own context (``network/long_inputs.py``); ``drafter``: how tokens
        are guessed, by a name that ``drafting.drafter_for`` takes; ``room``: what its engine may take. Raises
        ``InputError`` for another name."""
        self.name, self.long_inputs = name, long_inputs
        self.own_context = int(getattr(model.config.get_text_config(), "max_position_embeddings", 0)) or 4096
        self.context = max(self.own_context, long_inputs)
        self.plans = False  # calling tools is left to endpoints
        self.adapter = ""  # the name of the one that is merged into the weights
        self.model, self.tokenizer, self.kind, self._drafter = model, tokenizer, kind, drafter
        self._room, self._texts = room, NO_TEXTS
        self._base: LocalTransformers | None = None
        self._learnt: Path | None = None
        added = getattr(tokenizer, "added_tokens_decoder", {})
        self._controls = {str(token): at for at, token in added.items() if token.special}
        self._specials = sorted({*self._controls, *map(str, tokenizer.all_special_tokens)})
        self._tokenizing = threading.Lock()
        self.ends = frozenset(_ends(model, tokenizer))
        self._writer = SessionWriter(self, self.ends)

    def __repr__(self) -> str:
        return f"LocalTransformers({self.name!r}, {self.model.dtype}, {self.model.device})"

    @property
    def folder(self) -> Path | None:
        """The folder of the checkpoint that the model was read from; ``None`` for one that was made here."""
        name = str(getattr(self.model, "name_or_path", ""))
        return Path(name) if name and Path(name).is_dir() else None

    def adapters(self) -> Sequence[str]:
        """See ``Adaptable``."""
        return adapters.available(self)

    def with_adapter(self, task: str) -> LocalTransformers:
        """See ``Adaptable``; ``task`` may also be the folder of an adapter."""
        return adapters.with_adapter(self, task)

    def with_network(self, model: Any, adapter: str) -> LocalTransformers:
        """``model``, which has an adapter in it, behind the same tokenizer, which takes one caller at a time."""
        other = LocalTransformers(
            f"{self.name}+{adapter}",
            model,
            self.tokenizer,
            kind=self.kind,
            long_inputs=self.long_inputs,
            drafter=self._drafter,
            room=self._room,
        )
        other._texts = self._texts
        other.adapter, other._tokenizing, other._base = adapter, self._tokenizing, self
        return other

    def tokenizer_rules(self) -> str:
        """See ``Tokenizing``."""
        backend = getattr(self.tokenizer, "backend_tokenizer", None)  # transformers' slow tokenizers have none
        return str(backend.to_str()) if backend else ""

    @cached_property
    def network(self) -> CausalNetwork | None:
        """What runs the model, chosen when it is first needed; ``None`` for one with a running state. Raises
        ``ModelError`` for long inputs to a model outside the Llama family."""
        like = self._base.__dict__.get("network") if self._base else None  # not built for this alone
        network = torch_thread.run(network_for, self.model, self.kind, like=like)
        return network if self.context == self.own_context else lengthen(network, self.model, self.own_context)

    @cached_property
    def engine(self) -> Engine:
        """Answers requests side by side; its thread starts with the first. On a GPU the passes that will be needed are
        recorded now. Raises ``ModelError`` for a model with a running state, ``InputError`` for room that is not
        there."""
        if self.network is None:
            raise needs_past(self.name)
        guesses = self.drafter()
        if self._learnt is not None and isinstance(guesses, LearningDrafter):
            learnt.take_up(guesses, self._learnt, self.fingerprint)
        torch_thread.run(warm_up, self.network)
        room = self._room.on(self.network.shape, self.context)
        return Engine(
            self.network,
            self.ends,
            self.context,
            drafter=guesses,
            bytes=room.bytes,
            requests=room.requests,
            name=self.name,
        )

    def remember(self, path: Path) -> None:
        """Guessing takes up what the file of an earlier process holds, and ``close`` writes it. Speed shows what is in
        it, so every library and tenant has one of its own. To be called before the first request."""
        self._learnt = path

    def guess_from(self, texts: Callable[[], Iterable[str]]) -> None:
        """Drafters that are fed with texts take these, once, when they first guess. To be called before the first
        request."""
        self._texts = texts

    def close(self) -> None:
        """Ends the replies that still run. The engine cannot be used again."""
        engine: Engine | None = self.__dict__.get("engine")
        if engine is None:
            return
        engine.close()
        if self._learnt is not None and isinstance(engine.drafter, LearningDrafter) and engine.drafter.has_learnt:
            learnt.keep(engine.drafter, self._learnt, self.fingerprint)

    def forget(self) -> None:
        """Drops what drafting has learnt, in memory and in the file."""
        if self._learnt is not None:
            self._learnt.unlink(missing_ok=True)
        engine: Engine | None = self.__dict__.get("engine")
        if engine is not None:
            engine.drafter = self.drafter()

    def drafter(self) -> Drafter | None:
        """A fresh one, which knows what was made for these weights and has learnt nothing here."""
        vocabulary = int(self.model.config.get_text_config().vocab_size)
        guesses = drafter_for(self._drafter, vocabulary, lambda: map(self.encode, self._texts()))
        if isinstance(guesses, LearningDrafter):
            weights, _, _ = self.fingerprint.partition("-")  # however they are multiplied
            guesses.plant(weights, self.folder / seed.OWN if self.folder else None)
        return guesses

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Iterator[str]:
        """See ``LanguageModel``. The reply also ends where the context is full."""
        if self.network is None:
            return self._writer.stream(messages, sampling)
        sampling.check()
        prompt = self.chat_tokens(messages)
        text.room(self, prompt)
        return StreamedReply(self._write(prompt, sampling))

    def _write(self, prompt: Sequence[int], sampling: Sampling) -> Generator[str, None, str | None]:
        with closing(text.ask(self, prompt, sampling)) as reply:
            for piece in reply:
                cancellation.check()
                yield piece.text
        return reply.finish

    @cached_property
    def fingerprint(self) -> str:
        """See ``LocalModel``."""
        return fingerprint(self.model) + (f"-{self.kind}" if self.kind.startswith("int") else "")

    def start(self) -> Session:
        return NetworkSession(self, self.network) if self.network else StatefulSession(self, self.model)

    def join(self, sessions: Sequence[Session]) -> Session:
        """See ``LocalModel``."""
        if self.network is None:
            raise needs_past(self.name)
        return join(self, self.network, sessions)

    def resume(self, path: Path) -> Session:
        """See ``LocalModel``."""
        if self.network is None:
            raise needs_past(self.name)
        return resume(self, self.network, path)

    def encode(self, text: str) -> list[int]:
        """Plain text: no token is added, and what looks like a control token is spelled out. A byte that the
        vocabulary lacks is left out (in the default model some control characters)."""
        with self._tokenizing:
            ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
        return ids

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of ``tokens``; control tokens have none."""
        with self._tokenizing:
            text: str = self.tokenizer.decode(
                list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        return text

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """See ``talk.text.ServedModel``."""
        return vocabulary(self.tokenizer, int(self.model.config.get_text_config().vocab_size), self.ends)

    def control(self, text: str) -> int | None:
        """See ``LocalModel``."""
        return self._controls.get(text)

    @property
    def tools(self) -> CallFormat | None:
        """See ``LocalModel``."""
        return format_of(str(self.tokenizer.chat_template or ""))

    def chat_tokens(
        self,
        messages: Sequence[Message],
        tools: Sequence[FunctionTool] = (),
        template: TemplateOptions = PLAIN_TEMPLATE,
    ) -> list[int]:
        """See ``LocalModel``. A control token inside a message is broken by a zero-width space, so that a quoted
        document cannot end the message it stands in."""

        shown = template_turns(messages, self.tools or PLAIN, self._harmless)
        offered = [{"type": "function", "function": asdict(tool)} for tool in tools]
        try:
            with self._tokenizing:
                ids: list[int] = self.tokenizer.apply_chat_template(
                    shown,
                    tools=offered or None,
                    add_generation_prompt=template.opened and not template.continued,
                    continue_final_message=template.continued,
                    return_dict=False,
                    **{"enable_thinking": False, **template.more},
                )
        except EvidentiaError:
            raise
        except Exception as error:  # a template is a program of whoever made the checkpoint, and may fail in any way
            if template.more:
                raise InputError(
                    f"the chat template fails with these variables ({first_line(error)})",
                    where="chat_template_kwargs",
                    fix="leave them out",
                ) from error
            raise ModelError(
                f"the model has no chat template for this ({first_line(error)})",
                where=self.name,
                fix="use an instruction-tuned model",
            ) from error
        return ids

    def _harmless(self, text: str) -> str:
        for special in self._specials:
            text = text.replace(special, f"{special[:1]}\N{ZERO WIDTH SPACE}{special[1:]}")
        return text


def load_local(
    folder: Path,
    name: str,
    *,
    dtype: str | None = None,
    device: str | None = None,
    kind: str | None = None,
    long_inputs: int = 0,
    drafter: str = "union",
    room: EngineRoom = ROOM,
) -> LocalTransformers:
    """The model of a checkpoint folder, its files verified where a manifest names their digests.

    ``dtype`` (``"float32"``, ``"bfloat16"``) and ``device`` (``"cpu"``, ``"cuda"``) follow the machine unless given;
    so does ``kind``, how weights are kept and multiplied (``"plain"``, ``"packed"``, ``"int8"``, ``"int4"``, see
    ``network/linear.py``, or a name of ``quantise.WEIGHTS``): int4 on a CPU. ``long_inputs``: tokens of the longest
    sequence, where that is more than the model's context. ``room``: what the engine may take.
    Raises ``ModelError`` for pickled, damaged or unknown checkpoints, and when memory runs out; for ``kind`` see
    ``quantise.told``, for ``drafter`` ``drafting.drafter_for``.
    """
    drafter_for(drafter, 1)  # a wrong name is said before the weights are read
    refuse_pickles(folder)
    verify(folder)
    import torch

    torch.set_num_threads(min(torch.get_num_threads(), _cpus()))
    place = device or str(torch.accelerator.current_accelerator(check_available=True) or "cpu")
    number = getattr(torch, dtype) if dtype else fastest_dtype(place)
    with quiet_transformers():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        told = quantise.load_options(kind, folder, place, number)
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **NO_CODE)
            safe = {**NO_CODE, "use_safetensors": True}
            read = partial(AutoModelForCausalLM.from_pretrained, folder, dtype=number, **safe, **told)
            model = torch_thread.run(lambda: read().to(place).eval())
        except Exception as error:  # the tokenizers library raises plain Exception
            raise ModelError(
                f"the model cannot be loaded ({first_line(error)})",
                where=str(folder),
                fix=quantise.OTHERS if told else f"run: evidentia model get {name}",
            ) from error
    if told:
        kind = "plain"
    elif kind is None:
        kind = "int4" if place == "cpu" and number in (torch.bfloat16, torch.float32) else "plain"
    local = LocalTransformers(name, model, tokenizer, kind=kind, long_inputs=long_inputs, drafter=drafter, room=room)
    if told:
        _ = local.fingerprint  # taken now: bitsandbytes lays weights out anew in the first pass
        quantise.try_out(model, folder)
    return local


def _cpus() -> int:
    """CPUs that this process may use; a container's quota is invisible to torch, and more threads than that crawl."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return usable
    return usable if quota == "max" else max(1, min(usable, int(quota) // int(period)))


def _ends(model: Any, tokenizer: Any) -> set[int]:
    """End-of-reply tokens of the generation config (one, several or none), else the tokenizer's."""
    ends = model.generation_config.eos_token_id
    if ends is None:
        ends = tokenizer.eos_token_id
    return set(ends) if isinstance(ends, list | tuple) else {ends} - {None}
