"""Channels of the feed-forwards of models outside the Llama family, found by torch-pruning's tracing (DepGraph, Fang et
al., arXiv 2301.12900).

A model of the same settings with random weights is traced, in a process of its own, since for some architectures that
never ends. A group counts where a trial bears it out: another value in one channel of one token at all its producers
is another value in that token's column of the consumer, and nowhere else. So heads, whose channels meet other tokens,
are left alone. Knows nothing of scores.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..models.checkpoint import NO_CODE
from ..models.convert import first_line, quiet_transformers
from ..network.lean import FAMILY
from .groups import Group

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PACKAGE, EXTRA = "torch_pruning", "traced"
LIMIT = 600.0
"""Seconds that tracing may take."""
TOKENS, UNIT = 8, 3
"""Of the trial: tokens that are read, and the channel that is changed, of the first of them."""
UNSAID = ("n_inner", "intermediate_size")
"""Settings of a feed-forward's width that stand for four times the hidden size where they are empty."""
LLAMA = f"use one of {', '.join(FAMILY)}"


def find_groups(folder: Path) -> list[Group]:
    """The feed-forwards of a checkpoint in the order in which they are computed; modules are named from the model
    onwards. Raises ``InputError`` without torch-pruning, and where nothing is found that can be cut."""
    if find_spec(PACKAGE) is None:
        raise InputError(
            "the feed-forwards of this architecture are found by torch-pruning, which is not installed",
            where=str(folder),
            fix=f'run: pip install "evidentia[{EXTRA}]", or {LLAMA}',
        )
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_send_groups, args=(folder, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        told = json.loads(ours.recv_bytes()) if ours.poll(LIMIT) else f"tracing did not end in {LIMIT:.0f} seconds"
    except EOFError:
        told = "tracing broke off"
    finally:
        process.kill()
        process.join()
    if not isinstance(told, str) and len({units for units, _, _ in told}) == 1:
        return [_group(number, *one) for number, one in enumerate(told)]
    raise InputError(
        "no feed-forwards that can be cut were found in this model",
        where=told if isinstance(told, str) else str(folder),
        fix=LLAMA,
    )


def _group(layer: int, units: int, producers: Sequence[str], consumer: str) -> Group:
    rows = tuple((name, 1) for name in producers)
    return Group(layer=layer, kind="ffn", units=units, columns=1, producers=rows, consumer=consumer)


def _send_groups(folder: Path, to: Connection) -> None:
    import torch

    torch.set_num_threads(1)
    try:
        with quiet_transformers():
            from transformers import AutoConfig, AutoModelForCausalLM

            model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder, **NO_CODE)).eval()
        use_linear(model)
        found: object = [(one.units, [name for name, _ in one.producers], one.consumer) for one in trace(model)]
    except Exception as error:  # noqa: BLE001  (libraries raise whatever there is for a model that they do not know)
        found = f"tracing failed ({first_line(error)})"
    to.send_bytes(json.dumps(found).encode())


def trace(model: Any) -> list[Group]:
    """The groups of transformers' ``model`` whose channels meet neither each other nor other tokens."""
    import torch
    import torch_pruning

    graph = torch_pruning.DependencyGraph().build_dependency(
        model,
        example_inputs=_reading(),
        forward_fn=lambda traced, given: traced(**given).logits,
        verbose=False,
    )
    names = {module: name for name, module in model.named_modules()}
    matrices = [name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)]
    before = _inputs(model, matrices)
    found: dict[str, Group] = {}
    for name in before:
        reader = _reader(model, [name], before)
        if reader is None or reader in found:
            continue
        producers: list[str] = []
        consumers: list[str] = []
        start = model.get_submodule(name), torch_pruning.prune_linear_out_channels
        for step, _ in graph.get_pruning_group(*start, idxs=[UNIT]):
            module = step.target.module
            if isinstance(module, torch.nn.Parameter) or next(module.parameters(), None) is not None:
                out = graph.is_out_channel_pruning_fn(step.handler)
                (producers if out else consumers).append(names.get(module, ""))
        units = model.get_submodule(reader).in_features
        same = all(getattr(model.get_submodule(one), "out_features", 0) == units for one in producers)
        if same and consumers == [reader] and _reader(model, producers, before) == reader:
            found[reader] = _group(len(found), units, sorted(producers), reader)
    return list(found.values())


def _reading() -> dict[str, Any]:
    import torch

    return {"input_ids": torch.arange(TOKENS)[None], "use_cache": False}


def _reader(model: Any, producers: Sequence[str], before: Mapping[str, Any]) -> str | None:
    """The only one of the matrices that reads the trial's change in that token and channel, and in nothing else;
    ``before``: what they read without it."""

    def push(module: Any, inputs: Any, output: Any) -> Any:
        pushed = output.clone()
        pushed.flatten(0, -2)[0, UNIT] += 1.0
        return pushed

    with ExitStack() as hooks:
        for name in producers:
            hooks.enter_context(model.get_submodule(name).register_forward_hook(push))
        after = _inputs(model, list(before))
    found = []
    for name in before:
        changed = before[name] != after[name]
        if bool(changed[0, UNIT]) and int(changed.sum()) == 1:
            found.append(name)
    return found[0] if len(found) == 1 else None


def _inputs(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """What goes into modules, ``[tokens, width]`` each, in the order in which they are computed."""
    import torch

    seen: dict[str, Any] = {}
    with torch.no_grad(), ExitStack() as hooks:
        for name in names:

            def keep(_: Any, inputs: tuple[Any, ...], name: str = name) -> None:
                seen[name] = inputs[0].flatten(0, -2)

            hooks.enter_context(model.get_submodule(name).register_forward_pre_hook(keep))
        model(**_reading())
    return seen


def use_linear(model: Any) -> list[str]:
    """Puts a ``Linear`` in place of every matrix that is stored the other way round (GPT-2's ``Conv1D``), and names
    them."""
    import torch
    from transformers.pytorch_utils import Conv1D

    turned = [name for name, module in model.named_modules() if isinstance(module, Conv1D)]
    for name in turned:
        held = model.get_submodule(name)
        rows, columns = held.weight.shape
        linear = torch.nn.Linear(rows, columns, device="meta")
        linear.weight = torch.nn.Parameter(held.weight.detach().T.contiguous(), requires_grad=False)
        linear.bias = held.bias
        model.set_submodule(name, linear)
    return turned


def store_turned(model: Any, names: Sequence[str]) -> None:
    """What ``use_linear`` did, undone: the checkpoint's class expects its own matrices."""
    import torch
    from transformers.pytorch_utils import Conv1D

    for name in names:
        linear = model.get_submodule(name)
        with torch.device("meta"):
            held = Conv1D(linear.out_features, linear.in_features)
        held.weight = torch.nn.Parameter(linear.weight.detach().T.contiguous(), requires_grad=False)
        held.bias = linear.bias
        model.set_submodule(name, held)


def refuse_bias(model: Any, found: Sequence[Group], solve: str) -> None:
    """Raises ``InputError`` where ``solve`` needs a bias that the class does not have."""
    lacking = [group.consumer for group in found if model.get_submodule(group.consumer).bias is None]
    if lacking and solve in ("bias", "affine"):
        raise InputError(
            f"there is no bias in its feed-forward, which {solve} needs", where=lacking[0], fix="choose squares"
        )


def narrower_settings(config: Any, found: Sequence[Group], keep: int) -> Any:
    """transformers' settings of the same model with ``keep`` channels in each feed-forward, tried on a model without
    weights. Raises ``InputError`` where no setting says so."""
    wide, width = _shapes(config), found[0].units
    wanted = dict(wide)
    for group in found:
        for name, _ in group.producers:
            wanted[f"{name}.weight"] = keep, *wide[f"{name}.weight"][1:]
            if f"{name}.bias" in wide:
                wanted[f"{name}.bias"] = (keep,)
        wanted[f"{group.consumer}.weight"] = wide[f"{group.consumer}.weight"][0], keep
    for key, value in config.to_dict().items():
        if value == width or (value is None and key in UNSAID):
            tried = copy.deepcopy(config)
            setattr(tried, key, keep)
            if _shapes(tried) == wanted:
                return tried
    raise InputError(
        f"the settings of {config.model_type} cannot say that its feed-forwards have {keep} channels", fix=LLAMA
    )


def _shapes(config: Any) -> Mapping[str, tuple[int, ...]]:
    import torch

    with quiet_transformers(), torch.device("meta"):
        from transformers import AutoModelForCausalLM

        model = AutoModelForCausalLM.from_config(config)
        use_linear(model)
    return {name: tuple(one.shape) for name, one in model.named_parameters()}
