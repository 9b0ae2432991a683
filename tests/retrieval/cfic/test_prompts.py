"""The prompt of training and of use: its parts add up, and the document's part stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from evidentia.retrieval.cfic import prompts
from evidentia.serving.base import Message
from evidentia.serving.models.scripted import ByteModel


class Chat(ByteModel):
    """Closes every message with its end token, as most chat templates do."""

    def chat_tokens(self, messages: Sequence[Message]) -> list[int]:
        written = [self.encode(f"<{message.role}>{message.content}") for message in messages]
        return [token for part in written for token in [*part, self.end]] + self.encode("<assistant>")


def test_document_question_and_reply_make_one_chat():
    model = Chat()
    text, question, sentence = "One. Two.\n", "Which?", "Two."
    whole = f"{prompts.document_prefix(text)}{prompts.question_suffix(question)}"
    assert prompts.document_tokens(model, text) + prompts.question_tokens(model, question) == model.chat_tokens(
        [Message("user", whole)]
    )
    assert prompts.reply_tokens(model, sentence) == [*b"Two.", model.end]


def test_the_question_is_told_apart_from_what_stands_around_it():
    model = ByteModel()
    lead, asked, tail = prompts.question_parts(model, "Which?")
    assert lead + asked + tail == prompts.question_tokens(model, "Which?")
    assert bytes(asked) == b" Which?"


def test_the_reply_ends_with_the_token_that_closes_a_message():
    model = Chat()
    model.ends = frozenset({3, Chat.end})
    assert prompts.end_token(model) == Chat.end
    assert prompts.end_token(ByteModel()) == ByteModel.end


def test_a_template_may_say_nothing_before_the_message():
    assert prompts.frame(ByteModel()) == (list(b"user: "), list(b"\nassistant: "))
