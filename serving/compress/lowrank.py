"""Low rank: a matrix as the product of two thin ones, the rank of each from one threshold for all (WeLore, Jaiswal et
al., 2024, arXiv 2407.11239).

An analysis: no standard checkpoint holds two factors where one matrix is expected, so nothing of it is exported. With
``second`` the error is counted on the layer's inputs, not on the weights, which halves it or better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .moments import add_damping

STEPS = 60
"""Steps of the bisection for the threshold."""


def factors(weight: Any, rank: int, second: Any | None = None, ridge: float = 1e-6) -> tuple[Any, Any]:
    """``up [out, rank]`` and ``down [rank, in]``, whose product is the best of that rank for ``weight``, or, with the
    moments ``[in, in]`` of its input, for what the weight gives."""
    import torch

    weight = weight.detach().double()
    root = None if second is None else torch.linalg.cholesky(add_damping(second, ridge))
    left, values, right = torch.linalg.svd(weight if root is None else weight @ root, full_matrices=False)
    half = values[:rank].sqrt()
    down = half[:, None] * right[:rank]
    if root is not None:
        down = torch.linalg.solve_triangular(root, down, upper=False, left=False)
    return left[:, :rank] * half, down


def ranks(weights: Sequence[Any], keep: float) -> list[int | None]:
    """The rank of each matrix so that at most ``keep`` of all numbers stay; ``None`` for one that is cheaper whole.
    Singular values, of each matrix from 0 to 1, below one threshold for all go."""
    import torch

    spectra = [torch.linalg.svdvals(weight.detach().double()) for weight in weights]
    spectra = [(one - one.min()) / (one.max() - one.min()).clamp(min=1e-30) for one in spectra]
    shapes = [tuple(weight.shape) for weight in weights]
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        kept = [int((one >= middle).sum()) for one in spectra]
        held = sum(cost(shape, rank) for shape, rank in zip(shapes, kept, strict=True))
        low, high = (middle, high) if held > keep * sum(out * wide for out, wide in shapes) else (low, middle)
    kept = [max(1, int((one >= high).sum())) for one in spectra]
    return [rank if rank < even(shape) else None for rank, shape in zip(kept, shapes, strict=True)]


def cost(shape: tuple[int, int], rank: int) -> int:
    """Numbers that are kept for a matrix at ``rank``: its factors, or itself where that is less."""
    return min(rank * sum(shape), shape[0] * shape[1])


def even(shape: tuple[int, int]) -> float:
    """The rank at which two factors hold as many numbers as the matrix."""
    return shape[0] * shape[1] / sum(shape)


def split(model: Any, keep: float) -> tuple[list[str], list[str]]:
    """Puts two thin maps where a matrix of transformers' ``model`` is cheaper so, at ``keep`` of all numbers of the
    layers. Returns the names of what was split and of what stayed whole."""
    import torch

    names = [name for name, one in model.model.layers.named_modules() if isinstance(one, torch.nn.Linear)]
    linears = [model.model.layers.get_submodule(name) for name in names]
    found: tuple[list[str], list[str]] = [], []
    for name, module, rank in zip(names, linears, ranks([one.weight for one in linears], keep), strict=True):
        found[rank is None].append(name)
        if rank is None:
            continue
        up, down = factors(module.weight, rank)
        thin = torch.nn.Sequential(
            torch.nn.Linear(module.in_features, rank, bias=False),
            torch.nn.Linear(rank, module.out_features, bias=module.bias is not None),
        ).to(module.weight.dtype)
        thin[0].weight.data, thin[1].weight.data = down.to(module.weight), up.to(module.weight)
        if module.bias is not None:
            thin[1].bias.data = module.bias.detach()
        owner, _, own = name.rpartition(".")
        setattr(model.model.layers.get_submodule(owner), own, thin)
    return found
