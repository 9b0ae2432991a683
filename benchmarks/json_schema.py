"""Every schema of the JSON Schema Test Suite: enforced or refused, and what the enforced ones let through.

A schema (draft 7 and 2020-12, optional tests included) is compiled or refused with a sentence. Of each compiled one
every instance is written in every order of its properties (24 at most), in one line, spaced, indented and with escaped
letters, whole numbers with and without a fraction, and fed to the guide byte by byte. An instance counts as accepted
when one spelling is; a false accept is an invalid one that is, a false reject a valid one that is not. Rival: the
engine's own compiler of JSON Schema, without our reading and rewriting. With the local model at hand, the same in its
tokens, which at a choice without alternative must be the tokenizer's own, and the speed of masks over its vocabulary.
"""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from evidentia.errors import InputError
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.serving.constraints import grammar
from evidentia.serving.constraints.json_guide import Json
from evidentia.serving.constraints.schema import json_schema
from evidentia.serving.models import hub
from evidentia.settings import Settings

ORDERS = 24
Encode = Callable[[str], Iterable[int]]
Compiled = Json | grammar.GrammarConstraint
DRAFT7 = "http://json-schema.org/draft-07/schema#"
TYPICAL = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 80},
        "year": {"type": "integer", "minimum": 1000, "maximum": 2100},
        "kind": {"enum": ["article", "book", "thesis"]},
        "authors": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "published": {"type": "string", "format": "date"},
    },
    "required": ["title", "year", "kind", "authors"],
    "additionalProperties": False,
}
REPLY = '{"title": "On computable numbers", "year": 1936, "kind": "article", "authors": ["A. M. Turing"]}'


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "json-schema-test-suite")
    parser.add_argument("--questions", type=int, default=0, help="schemas of each file; 0: all")
    parser.add_argument("--wrong", action="store_true", help="print every false accept and reject")
    options = parser.parse_args()
    given = _remotes(options.data)
    metrics: dict[str, object] = {}
    rows: list[tuple[object, ...]] = []
    plain, local = byte_vocabulary(), _local()
    ways: dict[str, tuple[Callable[[Any], Compiled], Encode]] = {
        "ours": (lambda schema: json_schema(plain, schema, given), utf8),
        "engine alone": (lambda schema: engine_alone(plain, schema), utf8),
    }
    if local:
        words, tokenizer = local
        tokens = partial(tokenizer.encode, add_special_tokens=False)
        ways["ours, model's tokens"] = (lambda schema: json_schema(words, schema, given), tokens)
    for draft in ("draft2020-12", "draft7"):
        for way, (compile_, encode) in ways.items():
            show = options.wrong and way == "ours"
            counts = judged(options.data / "tests" / draft, compile_, encode, options.questions, show)
            rows.append((draft, way, *(counts[key] for key in KEYS)))
            metrics |= {f"{draft} {way} {key}": counts[key] for key in KEYS}
    if local:
        speed(*local, rows, metrics)
    report(options.json, "JSON Schema Test Suite", ("draft", "compiler", *KEYS), rows, metrics)


KEYS = ("enforced", "refused", "instances", "false accepts", "false rejects", "of them formats")


def judged(folder: Path, compile_: Callable[[Any], Compiled], encode: Encode, limit: int, wrong: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))[: limit or None]:
            schema = case["schema"]
            if "draft7" in folder.name and isinstance(schema, dict):
                schema = {"$schema": DRAFT7, **schema}
            try:
                constraint = compile_(schema)
            except InputError as error:
                counts["refused"] += 1
                if not str(error).strip():
                    raise
                continue
            counts["enforced"] += 1
            for test in case["tests"]:
                counts["instances"] += 1
                accepted = any(accepts(constraint, encode(text)) for text in spelled(test["data"]))
                if accepted == test["valid"]:
                    continue
                counts["false accepts" if accepted else "false rejects"] += 1
                counts["of them formats"] += not accepted and "format" in str(path)
                if wrong:
                    kind = "accepted" if accepted else "rejected"
                    print(f"{kind}: {path.name} | {case['description']} | {test['description']} | {json.dumps(schema)}")
    return counts


def accepts(constraint: Compiled, tokens: Iterable[int]) -> bool:
    guide = constraint.start()
    for token in tokens:
        if not guide.allows(token):
            return False
        guide.advance(token)
    return guide.allows(constraint.vocabulary.ends[0])


def spelled(data: Any) -> Iterator[str]:
    for value in _orders(data):
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        yield json.dumps(value, ensure_ascii=False)
        yield json.dumps(value, ensure_ascii=False, indent=2)
        yield json.dumps(value)


def _orders(value: Any) -> list[Any]:
    """The same value with its properties in other orders, and whole numbers as such."""
    if isinstance(value, dict):
        orders = itertools.permutations(value.items())
        return [
            dict(zip(dict(order), values, strict=True))
            for order in itertools.islice(orders, ORDERS)
            for values in itertools.islice(itertools.product(*(_orders(inner) for _, inner in order)), ORDERS)
        ]
    if isinstance(value, list):
        return [list(each) for each in itertools.islice(itertools.product(*map(_orders, value)), ORDERS)]
    if isinstance(value, float) and value.is_integer():
        return [value, int(value)]
    return [value]


def speed(
    vocabulary: grammar.Vocabulary, tokenizer: Any, rows: list[tuple[object, ...]], metrics: dict[str, object]
) -> None:
    started = time.perf_counter()
    constraint = json_schema(vocabulary, TYPICAL)
    metrics["compile ms"] = round((time.perf_counter() - started) * 1e3, 2)
    times: dict[str, list[float]] = {"allowed": [], "allows": [], "advance": []}
    for _ in range(20):
        guide = constraint.start()
        for token in tokenizer.encode(REPLY, add_special_tokens=False):
            times["allowed"].append(_timed(guide.mask))
            times["allows"].append(_timed(partial(guide.allows, token)))
            times["advance"].append(_timed(partial(guide.advance, token)))
    for name, found in times.items():
        metrics |= {f"{name} us median": statistics.median(found), f"{name} us largest": max(found)}
        rows.append((f"{name}()", f"{len(tokenizer)} tokens", f"{statistics.median(found):.1f} us", *[""] * 5))


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1e6


def byte_vocabulary() -> grammar.Vocabulary:
    from llguidance import LLTokenizer

    plain = LLTokenizer("byte")
    return grammar.Vocabulary(
        plain.vocab_size, (plain.eos_token,), plain, lru_cache(4)(partial(grammar.matcher, plain))
    )


def _local() -> tuple[grammar.Vocabulary, Any] | None:
    folder = hub.find(Settings().model, Settings.from_env().cache)
    if folder is None:
        return None
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    return grammar.vocabulary(tokenizer, len(tokenizer), [tokenizer.eos_token_id]), tokenizer


def utf8(text: str) -> Iterable[int]:
    return text.encode("utf-8", "surrogatepass")


def engine_alone(vocabulary: grammar.Vocabulary, schema: Any) -> grammar.GrammarConstraint:
    from llguidance import LLMatcher

    return grammar.grammar(vocabulary, LLMatcher.grammar_from_json_schema(json.dumps(schema)))


def _remotes(data: Path) -> dict[str, Any]:
    folder = data / "remotes"
    return {
        f"http://localhost:1234/{path.relative_to(folder).as_posix()}": json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.json"))
    }


if __name__ == "__main__":
    main()
