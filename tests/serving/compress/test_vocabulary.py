"""A smaller vocabulary cuts its text as before, and gives the same scores for the tokens that stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from evidentia.errors import InputError
from evidentia.serving.compress.vocabulary import TOKENIZER, TOLD, cut_rows, ids_to_keep, write

TEXT = "the cat sat on the mat and the hat " * 3 + "there then that this these those other another mother brother " * 4
OTHER = " ".join(f"{one}{two}zq{one}" for one in "bcdfgh" for two in "aeiou")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=360, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([TEXT, OTHER * 2], trainer)
    tokenizer.save(str(tmp_path / TOKENIZER))
    (tmp_path / TOLD).write_text(json.dumps({"added_tokens_decoder": {"1": {"content": "</s>"}}}))
    return tmp_path


def test_a_text_whose_tokens_stay_is_cut_as_before(source: Path) -> None:
    whole = Tokenizer.from_file(str(source / TOKENIZER))
    told = json.loads((source / TOKENIZER).read_text())
    ids = ids_to_keep(told, whole.encode(TEXT).ids, 320)
    assert len(ids) == 320
    assert {0, 1} <= set(ids)
    (source / "cut").mkdir()
    write(source, source / "cut", ids)
    smaller = Tokenizer.from_file(str(source / "cut" / TOKENIZER))
    assert smaller.get_vocab_size() == 320
    places = {old: new for new, old in enumerate(ids)}
    assert smaller.encode(TEXT).ids == [places[one] for one in whole.encode(TEXT).ids]
    other = "zebras quiz ünïcode 日本</s>"
    assert smaller.decode(smaller.encode(other).ids, skip_special_tokens=False) == other
    assert str(places[1]) in json.loads((source / "cut" / TOLD).read_text())["added_tokens_decoder"]


def test_too_few_rows_are_refused(source: Path) -> None:
    told = json.loads((source / TOKENIZER).read_text())
    with pytest.raises(InputError, match="at least 320"):
        ids_to_keep(told, [], 200)
    with pytest.raises(InputError, match="Unigram"):
        ids_to_keep({"model": {"type": "Unigram"}}, [], 320)


@pytest.mark.parametrize("tied", [True, False])
def test_the_rows_that_stay_score_as_before(tied: bool, tiny: Callable[..., Any]) -> None:
    model = tiny(tie_word_embeddings=tied, eos_token_id=[3, 5], bos_token_id=1)
    ids = [1, 3, 4, 5, 8, 13, 21, 34]
    with torch.no_grad():
        before = model(torch.tensor([[3, 8, 34, 5]])).logits[..., ids]
        cut_rows(model, ids)
        after = model(torch.tensor([[1, 4, 7, 3]])).logits
    torch.testing.assert_close(after, before)
    assert (model.config.vocab_size, model.config.eos_token_id, model.config.bos_token_id) == (8, [1, 3], 0)
