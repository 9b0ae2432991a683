"""The network that is trained is transformers' own with PEFT's adapters, and what is saved is what was trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from evidentia.training.adapters import Limit, Progress, batches, rate, step
from evidentia.training.files import load_state, peft_name, save_adapter, save_state
from evidentia.training.llama import PARTS, AdaptedLlama
from evidentia.training.trees import Pair, batch, grown

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")


def tiny_model() -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=61,
        hidden_size=24,
        intermediate_size=40,
        num_hidden_layers=3,
        num_attention_heads=3,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        initializer_range=0.3,
    )
    config.name_or_path = "tiny"
    return LlamaForCausalLM(config).eval()


def shaken(first: int = 1) -> AdaptedLlama:
    """With adapters that change something; they start from zero."""
    llama = AdaptedLlama(tiny_model(), first=first, rank=4, alpha=8)
    for weight in llama.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    return llama


def pairs(seed: int) -> list[Pair]:
    numbers = torch.randint(0, 61, (3, 9), generator=torch.Generator().manual_seed(seed)).tolist()
    return [Pair([1, 2, 3, *row[:4]], row[4:], [1.0, 0.5, 0.5, 2.0, 1.0]) for row in numbers]


class Drawn:
    """A task of nine groups."""

    def __len__(self) -> int:
        return 9

    def group(self, number: int, rng: Any) -> list[Pair]:
        return pairs(100 * number + rng.randrange(50))


def test_scores_and_gradients_are_those_of_peft_on_each_branch_alone(tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    llama = shaken()
    save_adapter(llama, tmp_path)
    wrapped = peft.PeftModel.from_pretrained(tiny_model(), tmp_path, is_trainable=True)
    with torch.no_grad():  # the file is fp16
        for name, weight in wrapped.named_parameters():
            if "lora" in name:
                ours = next(key for key in llama.adapters if peft_name(key) == name.replace(".default", ""))
                weight.copy_(llama.adapters[ours])
    made = batch([grown(pairs(1))])
    scores = llama(made.ids, made.positions, made.visible, made.rows)
    theirs = torch.cat(
        [wrapped(torch.tensor([[*p.prompt, *p.target]])).logits[0, len(p.prompt) - 1 : -1] for p in pairs(1)]
    )
    torch.testing.assert_close(scores, theirs, atol=1e-4, rtol=1e-4)
    scores.square().sum().backward()
    theirs.square().sum().backward()
    for name, weight in wrapped.named_parameters():
        if "lora" in name:
            ours = next(key for key in llama.adapters if peft_name(key) == name.replace(".default", ""))
            torch.testing.assert_close(llama.adapters[ours].grad, weight.grad, atol=1e-3, rtol=1e-3)


def test_the_saved_adapter_is_read_by_peft_with_the_same_scores(tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    llama = shaken()
    save_adapter(llama, tmp_path)
    wrapped = peft.PeftModel.from_pretrained(tiny_model(), tmp_path)
    made = batch([grown(pairs(2)[:1])])
    with torch.no_grad():
        ours = llama(made.ids, made.positions, made.visible, torch.arange(made.ids.shape[1]))
        theirs = wrapped(made.ids).logits[0]
    torch.testing.assert_close(ours, theirs, atol=2e-2, rtol=2e-2)  # fp16 on disk


def test_only_layers_from_the_first_are_changed() -> None:
    assert {int(name.split("/")[2]) for name in shaken(first=2).adapters} == {2}
    assert len(shaken(first=1).adapters) == 2 * 2 * len(PARTS)


def test_training_lowers_the_loss() -> None:
    llama = AdaptedLlama(tiny_model(), first=1, rank=4, alpha=8)
    optimiser = torch.optim.AdamW(llama.parameters(), lr=0.02)
    losses = [step(llama, optimiser, [grown(pairs(3))]) for _ in range(40)]
    assert losses[-1] < 0.5 * losses[0]


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    def run(llama: AdaptedLlama, optimiser: Any, progress: Progress, steps: int) -> list[float]:
        made = batches(Drawn(), 0, progress, 60)
        return [step(llama, optimiser, next(made)) for _ in range(steps)]

    def fresh() -> tuple[AdaptedLlama, Any]:
        torch.manual_seed(5)
        llama = AdaptedLlama(tiny_model(), first=1, rank=4, alpha=8)
        return llama, torch.optim.AdamW(llama.parameters(), lr=0.01)

    whole = run(*fresh(), Progress(), 12)
    llama, optimiser = fresh()
    progress = Progress()
    first = run(llama, optimiser, progress, 5)
    save_adapter(llama, tmp_path)
    save_state(llama, optimiser, {"progress": vars(progress)}, tmp_path)
    llama, optimiser = fresh()
    facts = load_state(llama, optimiser, tmp_path)
    assert first + run(llama, optimiser, Progress(**facts["progress"]), 7) == pytest.approx(whole, rel=1e-4)


def test_training_may_begin_with_a_finished_adapter(tmp_path: Path) -> None:
    torch.manual_seed(5)
    llama = AdaptedLlama(tiny_model(), first=1, rank=4, alpha=8)
    optimiser = torch.optim.AdamW(llama.parameters(), lr=0.02)
    step(llama, optimiser, [grown(pairs(3))])
    save_adapter(llama, tmp_path)
    other = AdaptedLlama(tiny_model(), first=1, rank=4, alpha=8)
    assert load_state(other, None, tmp_path) == {}
    for one, two in zip(llama.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-2, atol=1e-3)


def test_the_learning_rate_rises_then_falls_with_what_is_done_of_the_nearer_limit() -> None:
    shares = [rate(done / 100) for done in range(101)]
    assert shares.index(max(shares)) == 3
    assert shares[0] > 0
    assert shares[-1] == pytest.approx(0)
    progress = Progress(examples=50, seconds=30)
    assert Limit(minutes=1, examples=200).done(progress) == 0.5
    assert Limit(minutes=0, examples=200).done(progress) == 0.25


def test_other_architectures_are_refused() -> None:
    model = tiny_model()
    model.config.attention_bias = True
    with pytest.raises(ValueError, match="shaped like Llama"):
        AdaptedLlama(model, first=0, rank=4, alpha=8)
