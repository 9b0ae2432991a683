"""Cutting for good, by slices, and for a trial, by zeros: both give the same scores."""

from __future__ import annotations

from typing import Any

from .groups import Group, indices


def slice_off(layer: Any, group: Group, units: Any, weight: Any, bias: Any | None = None) -> None:
    """Leaves only ``units``, in that order, in a layer of transformers'; the consumer gets ``weight`` and, if given,
    ``bias``, in the dtype that it has."""
    consumer = layer.get_submodule(group.consumer)
    for name, rows in group.producers:
        module = layer.get_submodule(name)
        kept = indices(units, rows)
        put(module, module.weight.detach()[kept], None if module.bias is None else module.bias.detach()[kept])
    put(consumer, weight.to(consumer.weight), _grow_bias(consumer, bias))


def mask(layer: Any, group: Group, units: Any, weight: Any, bias: Any | None = None) -> None:
    """Cuts without a change of shape: the consumer's other columns become zero."""
    consumer = layer.get_submodule(group.consumer)
    wide = consumer.weight.detach().new_zeros(consumer.weight.shape)
    wide[:, indices(units, group.columns)] = weight.to(wide)
    put(consumer, wide, _grow_bias(consumer, bias))


def _grow_bias(consumer: Any, bias: Any | None) -> Any | None:
    held = None if consumer.bias is None else consumer.bias.detach()
    if bias is None:
        return held
    return bias.to(consumer.weight) if held is None else held + bias.to(held)


def put(module: Any, weight: Any, bias: Any | None) -> None:
    """Gives a ``Linear`` other weights, of whatever shape."""
    import torch

    module.weight = torch.nn.Parameter(weight.contiguous(), requires_grad=False)
    module.bias = None if bias is None else torch.nn.Parameter(bias.contiguous(), requires_grad=False)
    module.out_features, module.in_features = weight.shape
