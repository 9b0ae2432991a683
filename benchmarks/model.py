"""Everything that serving the local model claims, in one table: runs the other scripts and compares with the goals.

    python benchmarks/model.py --gguf FILE --passkey FOLDER     # two hours on two cores
    python benchmarks/model.py --only serving kernels engine

``--gguf`` is the packaged file (SmolLM2-135M-Instruct.Q4_1.gguf), ``--passkey`` what ``training/passkey.py`` made;
without them the scripts that need them are left out. Each script prints its figures with those of its rivals while it
runs. On a busy machine the ratios are those of a busy machine. Trained drafters and GPUs have tables of their own.
"""

from __future__ import annotations

from pathlib import Path

from evidentia.evaluation.goals import Goal, report_goals, run
from evidentia.evaluation.report import arguments

LENGTHS = (2, 16, 64)
GOALS = (
    Goal("serving", "packed_drafting", "guesses over none, bf16", 1.7),
    Goal("serving", "packed_quote", "guesses over none on quoting, bf16", 2.2),
    Goal("serving", "packed_over_lookup", "guesses over prompt lookup in the same engine, bf16", 1.2),
    Goal("serving", "packed_worst", "guesses over none, worst kind of prompt, bf16", 0.97),
    Goal("serving", "engine_ratio", "engine without guesses over generate(), bf16", 1.8),
    Goal("serving", "int8_ratio", "engine without guesses over generate(), int8", 2.2),
    Goal("serving", "packed_both", "engine with guesses over generate() with its lookup, bf16", 2.5),
    Goal("serving", "int4_both", "engine with guesses over generate() with its lookup, int4", 2.5),
    Goal("kernels", "int8_perplexity_percent", "perplexity of int8 over bf16, %", 1.0, most=True),
    Goal("kernels", "int4_perplexity_percent", "perplexity of int4 over bf16, %", 1.0, most=True),
    Goal("engine", "hooked_ratio", "a model without lean forward over generate()", 0.98),
    Goal("engine", "batch_ratio", "eight at once over generate_batch", 1.0),
    Goal("engine", "cached_share", "first token of 4,000 cached, share of uncached", 0.1, most=True),
    Goal("gguf", "answer_over_same_gguf", "answers over llama.cpp on the same file", 1.4),
    Goal("gguf", "answer_over_best", "answers over llama.cpp at its best", 1.0),
    Goal("gguf", "decoding_over_best", "decoding over llama.cpp at its best", 0.9),
    *(
        Goal("drafting", f"union_{nodes}_{kind}", f"union, {nodes} guesses, replayed, {kind}: tokens per pass", least)
        for nodes, goals in ((16, (2.2, 2.5, 2.9)), (64, (2.5, 2.9, 3.4)))
        for kind, least in zip(("all", "rag", "quote"), goals, strict=True)
    ),
    Goal("lossless", "union, batch 8", "fp32: share of replies that guesses leave as they are", 1.0),
    Goal("lossless", "generate() beside no guesses", "fp32: share of replies that are generate()'s", 1.0),
    *(
        Goal("json_schema", f"{draft} ours false accepts", f"JSON Schema {draft}: false accepts", 0, most=True)
        for draft in ("draft2020-12", "draft7")
    ),
    Goal("streams", "errors", "32 streams for five minutes: errors", 0, most=True),
    Goal("streams", "growth_percent", "32 streams for five minutes: memory since a third of the time, %", 5, most=True),
    *(
        Goal("long_inputs", f"{task}_{length}W_{figure}", f"{task} at {length} windows: {what}", least)
        for task in ("passkey", "key-value") for length in LENGTHS
        for figure, what, least in (("recall", "answers", 0.9), ("looked_up", "look-ups of the record", 0.95))
    ),
)  # fmt: skip

COMMANDS = {
    "kernels": (),
    "serving": ("--each", "4", "--tokens", "64"),
    "engine": (),
    "gguf": ("--prompts", "16", "--gguf", "{gguf}"),
    "streams": (),
    "json_schema": (),
    "drafting": ("replay", "--drafters", "lookup", "union", "union, from its seed"),
    "long_inputs": ("--questions", "16", "--model", "{passkey}", "--lengths", *map(str, LENGTHS)),
    "lossless": ("--part", "8"),
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--gguf", type=Path)
    parser.add_argument("--passkey", type=Path)
    options = parser.parse_args()
    places = {name: str(path) for name in ("gguf", "passkey") if (path := getattr(options, name))}
    results = {}
    for script in options.only:
        missing = [name for name in ("gguf", "passkey") if f"{{{name}}}" in COMMANDS[script] and name not in places]
        if missing:
            print(f"# {script}.py is left out: it needs --{missing[0]}", flush=True)
        else:
            results[script] = run(
                Path(__file__).with_name(f"{script}.py"), [option.format(**places) for option in COMMANDS[script]]
            )
    report_goals(options.json, "Serving the local model", GOALS, results)


if __name__ == "__main__":
    main()
