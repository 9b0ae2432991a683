"""A language model behind any OpenAI-compatible endpoint: streamed chat completions, tool calls and forms of replies
passed through.

The key is read from the environment, sent in one header and shown nowhere. Knows nothing of local models.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...errors import InputError, ModelError
from ...settings import redact
from ..base import GREEDY, Message, Sampling, StreamedReply
from ..talk.text import until_stop

if TYPE_CHECKING:
    import httpx

    from ..talk.forms import Form

_STOPS = 4
"""The number of stop strings that OpenAI accepts; the others are applied here."""

_REASONS = {
    401: ("refused the key", "set EVIDENTIA_API_KEY"),
    403: ("refused the key", "set EVIDENTIA_API_KEY to one that may use this model"),
    404: (
        "does not know the model or the path",
        "check EVIDENTIA_MODEL and EVIDENTIA_ENDPOINT, which often ends in /v1",
    ),
    429: ("is busy or the quota is used up", "try again later"),
}


class EndpointModel:
    """A ``LanguageModel`` at ``base_url``, to which ``/chat/completions`` is appended."""

    plans = True

    def __init__(self, name: str, base_url: str, *, key: str | None = None, timeout: float = 120.0) -> None:
        """``key`` is taken from EVIDENTIA_API_KEY or OPENAI_API_KEY unless given; ``timeout`` is in seconds and holds
        for each piece of the reply. Raises ``InputError`` when ``base_url`` is none."""
        import httpx

        self.name = name
        try:
            url = httpx.URL(base_url.rstrip("/") + "/chat/completions")
        except httpx.InvalidURL as error:
            raise InputError("the endpoint is not a URL", fix="check EVIDENTIA_ENDPOINT") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise InputError("the endpoint is not an http(s) URL", fix="check EVIDENTIA_ENDPOINT")
        self._secrets = [url.password, *url.params.values()]
        self._url, self._host = url, f"{url.host}:{url.port}" if url.port else url.host
        self._key = (key or os.environ.get("EVIDENTIA_API_KEY") or os.environ.get("OPENAI_API_KEY") or "").strip()
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        logging.getLogger("httpx").addFilter(_without_secrets)
        self._client = httpx.Client(headers=headers, timeout=httpx.Timeout(timeout, connect=10.0))

    def __repr__(self) -> str:
        return f"EndpointModel({self.name!r}, {self._host!r})"

    def close(self) -> None:
        """Closes the connections that are kept open between calls."""
        self._client.close()

    def stream(
        self, messages: Sequence[Message], sampling: Sampling = GREEDY, form: Form | None = None
    ) -> StreamedReply:
        """See ``LanguageModel``; ``form`` is what the reply must look like, see ``form_fields``. Raises ``ModelError``
        when the endpoint refuses, fails or breaks off."""
        sampling.check()
        turns = [{"role": message.role, "content": message.content} for message in messages]
        return StreamedReply(self._write(turns, sampling, form_fields(form)))

    def complete(
        self, messages: Sequence[Mapping[str, Any]], sampling: Sampling = GREEDY, **extra: Any
    ) -> dict[str, Any]:
        """The whole reply as the message object of the OpenAI schema, tool calls included; ``extra`` (``tools``,
        ``tool_choice``, ``response_format``) is passed on as it is."""
        sampling.check()
        with self._post({**self._body(messages, sampling), **extra}) as response:
            answer = self._parse(response.read().decode("utf-8", "replace"))
        try:
            message: dict[str, Any] = answer["choices"][0]["message"]
        except (KeyError, IndexError, TypeError) as error:
            raise self._error("sent no reply") from error
        return message

    def _write(
        self, messages: Sequence[Mapping[str, Any]], sampling: Sampling, fields: Mapping[str, Any]
    ) -> Generator[str, None, str | None]:
        reasons: list[str] = []
        with self._post({**self._body(messages, sampling), **fields, "stream": True}) as response:
            yield from until_stop(self._deltas(response, reasons), sampling.stop)
        return reasons[-1] if reasons else None

    def _deltas(self, response: httpx.Response, reasons: list[str]) -> Iterator[str]:
        """The text in a stream of server-sent events, and in ``reasons`` why it ended. A stream that just ends is not a
        finished reply."""
        for line in response.iter_lines():
            if not line.startswith("data:"):
                continue
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                return
            for choice in self._parse(data).get("choices") or ():
                if choice.get("finish_reason"):
                    reasons.append(str(choice["finish_reason"]))
                if text := (choice.get("delta") or {}).get("content"):
                    yield text
        if not reasons:
            raise self._error("broke off its reply", "try again")

    def _body(self, messages: Sequence[Mapping[str, Any]], sampling: Sampling) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": list(messages),
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
        }
        if sampling.top_p < 1:
            body["top_p"] = sampling.top_p
        if sampling.stop:
            body["stop"] = list(sampling.stop[:_STOPS])
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        return body

    @contextmanager
    def _post(self, body: Mapping[str, Any]) -> Iterator[httpx.Response]:
        """An answered request; leaving the block closes the connection, which makes a server stop writing."""
        import httpx

        try:
            with self._client.stream("POST", self._url, json=body) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._refusal(response.status_code, response.read().decode("utf-8", "replace"))
                yield response
        except httpx.TimeoutException as error:
            raise self._error("did not answer in time", "try again or check EVIDENTIA_ENDPOINT") from error
        except httpx.ConnectError as error:
            raise self._error("cannot be reached", "check EVIDENTIA_ENDPOINT and that the server runs") from error
        except httpx.HTTPError as error:
            raise self._error("broke off its reply", "try again") from error

    def _parse(self, text: str) -> dict[str, Any]:
        try:
            data = json.loads(text)
        except ValueError as error:
            raise self._error("sent something that is not JSON", "check EVIDENTIA_ENDPOINT") from error
        if not isinstance(data, dict) or data.get("error"):
            raise self._error(f"reports: {self._reason(text)}")
        return data

    def _refusal(self, status: int, text: str) -> ModelError:
        if status in _REASONS:
            return self._error(*_REASONS[status])
        if status >= 500:
            return self._error(f"failed (HTTP {status})", "try again later")
        return self._error(f"refused the request (HTTP {status}): {self._reason(text)}")

    def _reason(self, text: str) -> str:
        """The server's own words, shortened; some servers repeat the key, we do not."""
        try:
            error = json.loads(text)["error"]
            text = str(error["message"] if isinstance(error, dict) else error)
        except (ValueError, KeyError, TypeError):
            pass
        for secret in filter(None, (self._key, *self._secrets)):
            text = text.replace(secret, "***")
        return " ".join(text.split())[:200].rstrip(". ") or "no reason given"

    def _error(self, what: str, fix: str = "") -> ModelError:
        return ModelError(f"the endpoint {what}", where=self._host, fix=fix)


def _without_secrets(record: logging.LogRecord) -> bool:
    """The log of httpx names whole addresses: secrets in them are hidden."""
    if isinstance(record.args, tuple):
        record.args = tuple(redact(str(value)) if "://" in str(value) else value for value in record.args)
    return True


def form_fields(form: Form | None) -> dict[str, Any]:
    """The fields of a request that ask for ``form``: a schema as OpenAI's ``response_format``, the others as the
    ``structured_outputs`` of vLLM (from 0.12 on) and of our own server. A server that knows neither refuses or ignores
    them, so check what it answers. Raises ``InputError`` for a form that only an engine in process can keep."""
    if form is None:
        return {}
    kind, value = form
    if kind == "json":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "reply", "schema": value}}}
    if kind == "json in any order":
        return {"structured_outputs": {"json": value, "any_order": True}}
    if kind in ("call", "calls"):
        raise InputError("an endpoint is given tools, not a form with calls", fix="send tools")
    return {"structured_outputs": {kind: list(value) if kind in ("choice", "quote", "sentence") else value}}
