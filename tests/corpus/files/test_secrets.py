"""Secrets are masked in place; what only looks or is called like one is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.corpus.files.secrets import MASK, describe_masked, mask

WORD = "q7Zk2Lm9Xc4Vb8Np3Rt6Ws1Yd5Hf0Jg"
# Put together here, so that no scanner takes this file for a leak.
TOKENS = [
    "AKI" + "AQ7ZKLMXCVBNPRTWS",
    "gh" + "p_" + (WORD * 2)[:36],
    "github" + "_pat_" + (WORD * 2)[:60],
    "glp" + "at-" + WORD[:20],
    "xox" + "b-" + WORD,
    "AI" + "za" + (WORD * 2)[:35],
    "sk_" + "live_" + WORD[:24],
    "sk-" + "proj-" + (WORD * 2)[:48],
    "np" + "m_" + (WORD * 2)[:36],
    "ey" + "J" + WORD + ".ey" + "J" + WORD + "." + WORD,
]


def masked(text: str, media_type: str = "text/markdown") -> str:
    changed, lines = mask(text, media_type)
    assert len(changed) == len(text)
    assert bool(lines) == (changed != text)
    return changed


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("media_type", ["text/plain", "text/x-python", "application/json"])
def test_a_token_of_a_known_form_is_masked_wherever_it_stands(token: str, media_type: str) -> None:
    text = f"first\nuse '{token}' here, and ({token}).\nlast"
    assert masked(text, media_type) == text.replace(token, MASK * len(token))


@pytest.mark.parametrize(
    ("text", "media_type", "secret"),
    [
        ("postgres://ann:s3cr-pa55@db.example/app", "text/plain", "s3cr-pa55"),
        ("amqps://ann:kT9!pq@10.0.0.1", "text/x-python", "kT9!pq"),
        ("DB_PASSWORD=otter42x", "text/markdown", "otter42x"),
        ("export API_KEY=8f3kd93kfs", "text/x-shell", "8f3kd93kfs"),
        ('password = "otter42x"', "text/x-python", "otter42x"),
        ('"clientSecret": "8fK3-kd93"', "text/x-javascript", "8fK3-kd93"),
        ("db:\n  password: otter42x  # old", "application/yaml", "otter42x"),
        ("db.password=otter!", "text/x-ini", "otter!"),
        ('{"secret_access_key": "8fK3/kd93"}', "application/json", "8fK3/kd93"),
    ],
)
def test_a_value_that_is_called_a_secret_is_masked(text: str, media_type: str, secret: str) -> None:
    assert masked(text, media_type) == text.replace(secret, MASK * len(secret))


@pytest.mark.parametrize(
    "value",
    ["changeme", "<password>", "${DB_PASSWORD}", "{{ password }}", "xxxxxxxx", "your-key-123", "$PASS", "********",
     "example1", "%(pw)s", "os.environ['PW']", "test1234", "env:PW", "null", "12345678", "database-login"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("form", "media_type"),
    [("password: {}", "application/yaml"), ('password = "{}"', "text/x-python"), ("DB_PASSWORD={}", "text/plain"),
     ("https://ann:{}@a.example/", "text/markdown")],
)  # fmt: skip
def test_a_placeholder_is_no_secret(value: str, form: str, media_type: str) -> None:
    text = form.format(value)
    assert masked(text, media_type) == text


@pytest.mark.parametrize(
    "text",
    [
        "The password: at least 8 characters, 1 digit.",
        "def login(user: str, password: str = None) -> Token3:",
        "password = read_password2()",
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 2c6a411d0b9c3f2e1a7788990011223344556677",
        "see https://a.example:8080/x@y and ann@a.example",
        "The token AKIAIOSFODNN7EXAMPLE is an example.",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    ],
)
def test_what_only_speaks_of_secrets_is_left_alone(text: str) -> None:
    assert masked(text) == text
    assert masked(text, "text/x-python") == text


def test_a_key_is_masked_line_by_line_and_its_lines_stay() -> None:
    body = "\n".join("MIIEow" + "aB3" * 19 for _ in range(5))
    text = "Before.\n-----BEGIN " + f"PRIVATE KEY-----\n{body}\n-----END " + "PRIVATE KEY-----\nAfter."
    changed, lines = mask(text, "text/markdown")
    assert "MII" not in changed
    assert changed.count("\n") == text.count("\n")
    assert changed.endswith("PRIVATE KEY-----\nAfter.")
    assert lines == [2]


def test_the_report_names_the_first_lines() -> None:
    assert describe_masked([12]) == "1 secret masked (line 12)"
    assert describe_masked([3, 9]) == "2 secrets masked (lines 3, 9)"
    assert describe_masked(list(range(1, 8))) == "7 secrets masked (lines 1, 2, 3, 4, 5 …)"


@given(st.text())
def test_masking_keeps_every_offset_and_line(text: str) -> None:
    for media_type in ("text/plain", "application/yaml", "text/x-python"):
        changed, _ = mask(text, media_type)
        assert len(changed) == len(text)
        assert [sign in "\r\n" for sign in changed] == [sign in "\r\n" for sign in text]


@pytest.mark.parametrize(
    "piece",
    ["password", "a:", "://a:", "eyJ" + "a" * 50, "-----BEGIN PRIVATE KEY-----", "x" * 50, " ", "- ", "sk-", "\n"],
)
def test_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    mask(piece * (400_000 // len(piece)), "application/yaml")
