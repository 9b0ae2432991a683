"""The adapters of a model for what is left of it: rows and columns of A and B go where the weights' rows and columns
went.

What an adapter reads off a channel that is gone, the others stand for as well as they can: the rows of A that meet
``down`` are fitted on the calibration text as ``down`` is. Knows nothing of what an adapter is for.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..models.adapters import CONFIG, SHIPPED, WEIGHTS
from .groups import Group, indices
from .moments import Moments, add_damping

RIDGE = 1e-3
_FEED_FORWARD = re.compile(r"layers\.(\d+)\.mlp\.(?:(?:gate|up)_proj\.lora_(?=B)|down_proj\.lora_(?=A))([AB])\.weight$")
"""What is as long as a feed-forward is wide: rows of B, columns of A."""


class Carried:
    """The shipped adapters that were trained for ``source``; called for each half that is cut (``pipeline.Carry``)."""

    def __init__(self, source: str, kept: Path) -> None:
        from safetensors.torch import load_file

        self.names = sorted(
            path.parent.name for path in SHIPPED.glob(f"*/{CONFIG}") if _base(path) == Path(source).name
        )
        self.tensors = {name: load_file(SHIPPED / name / WEIGHTS) for name in self.names}
        self._kept = kept
        for path in sorted(kept.glob("adapters-*.safetensors")):
            if not (kept / f"layer-{path.stem.split('-')[1]}.safetensors").is_file():
                continue  # stopped in the middle of a layer, which is cut anew
            for name, tensor in load_file(path).items():
                adapter, _, place = name.partition("/")
                self.tensors[adapter][place] = tensor

    def __call__(self, group: Group, units: Any, moments: Moments) -> None:
        import torch
        from safetensors.torch import save_file

        columns = indices(units, group.columns)
        second = moments.second
        fitted = torch.linalg.solve(add_damping(second[columns][:, columns], RIDGE), second[columns])
        changed: dict[str, Any] = {}
        for adapter, held in self.tensors.items():
            for module, rows in [*group.producers, (group.consumer, 0)]:
                side = "A" if module == group.consumer else "B"
                place = f"base_model.model.model.layers.{group.layer}.{module}.lora_{side}.weight"
                if place not in held:
                    continue
                old = held[place]
                if side == "B":
                    new = old[indices(units, rows)]
                else:
                    new = (old.double() @ fitted.T).to(old.dtype)
                held[place] = changed[f"{adapter}/{place}"] = new.contiguous()
        if changed:
            part = self._kept / f"adapters-{group.layer:04}-{group.kind}.part"
            save_file(changed, part)
            part.replace(part.with_suffix(".safetensors"))

    def pad(self, widths: Sequence[int]) -> None:
        """Fills them up as ``export.pad`` fills the model up, whose layers had these ``widths``."""
        import torch

        for held in self.tensors.values():
            for place, tensor in held.items():
                found = _FEED_FORWARD.search(place)
                if found:
                    more = max(widths) - widths[int(found[1])]
                    held[place] = torch.nn.functional.pad(tensor, (0, more) if found[2] == "A" else (0, 0, 0, more))

    def save(self, folder: Path, model: str) -> None:
        """Writes them as adapters of ``model``, each in its folder."""
        from safetensors.torch import save_file

        for name in self.names:
            (folder / name).mkdir(parents=True)
            config = json.loads((SHIPPED / name / CONFIG).read_text(encoding="utf-8"))
            config["base_model_name_or_path"] = model
            (folder / name / CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")
            save_file(self.tensors[name], folder / name / WEIGHTS, {"format": "pt"})
            if (SHIPPED / name / "README.md").is_file():
                shutil.copyfile(SHIPPED / name / "README.md", folder / name / "README.md")


def _base(path: Path) -> str:
    return Path(str(json.loads(path.read_text(encoding="utf-8")).get("base_model_name_or_path"))).name
