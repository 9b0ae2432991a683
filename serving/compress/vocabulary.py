"""Fewer rows in the vocabulary: the tokens that a text needs, and whatever they are merged from.

For tokenizers that merge pairs of bytes (BPE in ``tokenizer.json``). Merges that make a token that stays all stay, so
that a text whose tokens all stay is cut as before; other text is cut into shorter pieces, never refused. Knows nothing
of weights but how to take rows out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError
from ..network.grid import ALIGNED

TOKENIZER, TOLD = "tokenizer.json", "tokenizer_config.json"


def ids_to_keep(tokenizer: Mapping[str, Any], tokens: Iterable[int], rows: int) -> list[int]:
    """Ids that stay, in their order: at most ``rows``, to the kernel's multiple. ``tokens`` are those of a text, the
    commonest go first. Raises ``InputError`` where ``tokenizer`` is no BPE, or ``rows`` too few for its bytes."""
    model = tokenizer["model"]
    if model.get("type") != "BPE":
        raise InputError("only vocabularies of byte pairs can be cut", where=str(model.get("type")), fix="leave --rows")
    ids: dict[str, int] = model["vocab"]
    merged: dict[int, set[int]] = {}
    for left, right in map(_pair, model["merges"]):
        merged.setdefault(ids[left + right], set()).update((ids[left], ids[right]))
    found = {token["id"] for token in tokenizer["added_tokens"]}
    found |= {at for token, at in ids.items() if at not in merged}  # bytes, which everything is made of
    most = rows // ALIGNED * ALIGNED
    if len(found) > most:
        raise InputError(
            f"a vocabulary of {rows} rows has no room for the {len(found)} that every text needs",
            fix=f"keep at least {-(-len(found) // ALIGNED) * ALIGNED}",
        )
    common = [token for token, _ in Counter(tokens).most_common()]
    for token in [*common, *range(len(ids))]:
        wanted = _parts(token, merged) - found
        if len(found) + len(wanted) <= most:
            found |= wanted
        if len(found) == most:
            break
    return sorted(found)


def _pair(merge: str | list[str]) -> tuple[str, str]:
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _parts(token: int, merged: Mapping[int, set[int]]) -> set[int]:
    """The token and all that it may be merged from."""
    found, left = set(), [token]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += merged.get(one, ())
    return found


def cut_rows(model: Any, ids: list[int]) -> None:
    """Leaves only the rows ``ids`` of embeddings and head (transformers' model), and says so in its settings."""
    import torch

    rows = torch.tensor(ids)
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    tied = head.weight is embedding.weight
    embedding.weight = torch.nn.Parameter(embedding.weight.detach()[rows].contiguous(), requires_grad=False)
    embedding.num_embeddings, embedding.padding_idx = len(ids), None
    weight = embedding.weight if tied else torch.nn.Parameter(head.weight.detach()[rows], requires_grad=False)
    head.weight, head.out_features = weight, len(ids)
    model.config.vocab_size = model.vocab_size = len(ids)
    places = {old: new for new, old in enumerate(ids)}
    for settings in (model.config, model.generation_config):
        for name in ("bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id"):
            held = getattr(settings, name, None)
            if held is not None:
                moved = [places[one] for one in held] if isinstance(held, list) else places.get(held)
                setattr(settings, name, moved)


def write(source: Path, folder: Path, ids: list[int]) -> None:
    """The tokenizer of ``source`` in ``folder``, with the tokens ``ids`` alone."""
    places = {old: new for new, old in enumerate(ids)}
    whole = json.loads((source / TOKENIZER).read_text(encoding="utf-8"))
    model = whole["model"]
    model["vocab"] = {token: places[at] for token, at in model["vocab"].items() if at in places}
    stay = model["vocab"]
    model["merges"] = [
        pair
        for pair in model["merges"]
        for left, right in [_pair(pair)]
        if left in stay and right in stay and left + right in stay
    ]
    for token in whole["added_tokens"]:
        token["id"] = places[token["id"]]
    for special in ((whole.get("post_processor") or {}).get("special_tokens") or {}).values():
        special["ids"] = [places[one] for one in special["ids"]]
    (folder / TOKENIZER).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    told = json.loads((source / TOLD).read_text(encoding="utf-8"))
    if decoder := told.get("added_tokens_decoder"):
        told["added_tokens_decoder"] = {str(places[int(at)]): token for at, token in decoder.items()}
    (folder / TOLD).write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
