"""A checkpoint of the shape of another, with random weights: as fast, for a machine that the weights do not reach.

``python benchmarks/random_weights.py SHAPE OUT``: SHAPE is a folder with ``config.json`` and the tokenizer's files;
``EVIDENTIA_MODEL=OUT`` then names the model. What it writes makes no sense, so only times without guesses count.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(options.shape), dtype=torch.bfloat16)
    model.save_pretrained(options.out)
    for pattern in ("tokenizer*", "chat_template*", "generation_config.json"):
        for file in options.shape.glob(pattern):
            shutil.copy(file, options.out)


if __name__ == "__main__":
    main()
