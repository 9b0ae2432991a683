"""Parameters of other servers that are accepted and not needed: at any value, or at the one that changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

LABELS = frozenset(
    {
        "cache_prompt",
        "cache_salt",
        "documents",
        "dry_allowed_length",
        "dry_base",
        "dry_penalty_last_n",
        "dry_sequence_breakers",
        "dynatemp_exponent",
        "id_slot",
        "include_reasoning",
        "keep_alive",
        "metadata",
        "mirostat_eta",
        "mirostat_tau",
        "priority",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "request_id",
        "return_token_ids",
        "safety_identifier",
        "separate_reasoning",
        "service_tier",
        "store",
        "timings_per_token",
        "user",
        "xtc_threshold",
    }
)
"""They name the caller, hint at what could be cached or told, or belong to a sampler that is refused unless it is
off."""
SENT_BACK = frozenset(
    {"parsed", "parsed_arguments", "provider_specific_fields", "reasoning", "reasoning_details", "thinking_blocks"}
)
"""Of an earlier reply as clients keep it: what they read out of its text, and thoughts, which are not read again."""
INCLUDED = Literal[
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "reasoning.encrypted_content",
    "web_search_call.action.sources",
    "web_search_call.results",
]
"""What ``/v1/responses`` may be asked to include and what no reply here holds."""
OFF: Mapping[str, tuple[Any, ...]] = {
    "allowed_token_ids": ([],),
    "bad_words": ([],),
    "best_of": (1,),
    "detokenize": (True,),
    "dry_multiplier": (0,),
    "dynatemp_range": (0,),
    "include_stop_str_in_output": (False,),
    "length_penalty": (1,),
    "mirostat": (0,),
    "n_probs": (0,),
    "post_sampling_probs": (False,),
    "repeat_last_n": (-1,),
    "repeat_penalty": (1,),
    "skip_special_tokens": (True,),
    "spaces_between_special_tokens": (True,),
    "tfs_z": (1,),
    "top_a": (0,),
    "truncate_prompt_tokens": (),
    "use_beam_search": (False,),
    "xtc_probability": (0,),
}
"""What is not done here, and the values that ask for nothing."""
