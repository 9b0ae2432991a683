"""A model that plans: it calls our tools, and what it says at the end is checked all the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.agents.answer import Answer, Citation
from evidentia.agents.loop import LONGEST, Budget, Transcript, answer_with_tools
from evidentia.agents.tools.knowledge import KNOWLEDGE
from evidentia.agents.tools.library import offered_at
from evidentia.agents.tools.verbs import VERBS
from evidentia.corpus.document import Evidence
from evidentia.corpus.tokens import tokens
from evidentia.serving.base import GREEDY, Sampling
from evidentia.serving.models.endpoint import EndpointModel

Open = Callable[..., Library]


class _Endpoint:
    """An OpenAI-compatible server that answers from a list and keeps what it was asked."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        self.replies, self.asked = list(replies), []  # type: ignore[var-annotated]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                message = {"role": "assistant", "content": None, **outer.replies.pop(0)}
                body = json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def model(self) -> EndpointModel:
        return EndpointModel("planner", f"http://127.0.0.1:{self.server.server_port}/v1", key="none")


def _call(name: str, /, **arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"id": f"call-{name}", "type": "function", "function": function}]}


@pytest.fixture
def endpoint() -> Iterator[Any]:
    started: list[_Endpoint] = []

    def start(*replies: dict[str, Any]) -> _Endpoint:
        started.append(_Endpoint(list(replies)))
        return started[-1]

    yield start
    for one in started:
        one.server.shutdown()
        one.server.server_close()


QUESTION = "How old was the oldest emperor penguin on record?"


def test_a_tool_is_called_and_the_answer_cites_what_it_found(open_library: Open, endpoint: Any):
    server = endpoint(
        _call("search", question="oldest penguin"), {"content": "The oldest emperor penguin was 40 years old."}
    )
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert answer.status == "written"
    assert answer.citations[0].quote == "The oldest emperor penguin on record was 40 years old."
    assert "40 years old" in json.dumps(server.asked[1]["messages"])


def test_graph_verbs_are_tools_too(open_library: Open, endpoint: Any):
    server = endpoint(_call("callers", name="side_length"), {"content": "The function side_length is called by area."})
    answer = open_library(server.model()).ask("Tell me about the length of one side in metres", write=True)
    assert answer.status == "written"
    assert answer.citations[0].evidence.query.startswith("MATCH")


def test_a_planning_model_is_offered_the_verbs_of_both_graphs_in_few_tokens(open_library: Open, endpoint: Any):
    server = endpoint({"content": "Not found."})
    open_library(server.model()).ask(QUESTION, write=True)
    offered = server.asked[0]["tools"]
    names = [tool["function"]["name"] for tool in offered]
    verbs = [name for name, verb in VERBS.items() if "loop" in verb.doors]
    assert names == [
        "search",
        "cypher",
        *verbs,
        *(f"kg-{name}" for name, verb in KNOWLEDGE.items() if "loop" in verb.doors),
        "table-ask",
    ]
    assert tokens(json.dumps(offered)) <= 2_700


def test_an_error_of_a_tool_goes_back_to_the_model(open_library: Open, endpoint: Any):
    server = endpoint(_call("cypher", query="MATCH (n) DETACH DELETE n"), {"content": "Not found."})
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert "error:" in json.dumps(server.asked[1]["messages"])
    assert answer.status == "quoted"


def test_what_a_planning_model_makes_up_is_not_shown(open_library: Open, endpoint: Any):
    server = endpoint({"content": "It was 97 years old."})
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert "97" not in answer.text


def test_a_model_that_never_ends_is_stopped(open_library: Open, endpoint: Any):
    server = endpoint(*[_call("search", question="penguin")] * 40)
    assert open_library(server.model()).ask(QUESTION, write=True).status == "quoted"


class ScriptedPlanner:
    """Gives messages in turn, the last of them for ever; ``asked`` keeps what it was sent."""

    name, plans = "scripted", True

    def __init__(self, *replies: dict[str, Any]) -> None:
        self.replies, self.asked = list(replies), []  # type: ignore[var-annotated]

    def complete(self, messages: Any, sampling: Sampling = GREEDY, **extra: Any) -> dict[str, Any]:
        self.asked.append(list(messages))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class OneNote:
    """A room that holds one note."""

    store = graph = knowledge = None

    def search(self, question: str, k: int = 10, retriever: str = "fused") -> list[Evidence]:
        return [Evidence("The valve opens at 30 bar.", 1.0, "lexical", "words", name="note.md")]


def loop(model: Any, budget: Budget = Budget(), tools: tuple[str, ...] = ("search",)) -> Transcript:  # noqa: B008
    return answer_with_tools(model, "When does it open?", OneNote(), budget, tools=tools)  # type: ignore[arg-type]


def test_a_loop_ends_with_the_models_answer_and_what_its_tools_found():
    done = loop(ScriptedPlanner(_call("search", question="valve"), {"content": "At 30 bar."}))
    assert (done.text, done.ended, done.calls) == ("At 30 bar.", "answered", ["search(valve)"])
    assert [one.quote for one in done.evidence] == ["The valve opens at 30 bar."]


class Related:
    """A knowledge graph that relates whatever is asked for by one quote."""

    def verb(self, verb: str, **named: str) -> Answer:
        said = f"{named['start']} feeds {named['end']}."
        evidence = Evidence(said, 1.0, "knowledge", verb, name="note.md")
        return Answer("", f"{said} [1]", "quoted", (Citation(1, said, evidence, True),))


def test_verbs_of_the_knowledge_graph_are_tools_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(OneNote, "knowledge", Related())
    model = ScriptedPlanner(_call("kg-path", start="valve", end="boiler"), {"content": "It feeds the boiler."})
    done = loop(model, tools=[*offered_at("loop")])
    assert done.calls == ["kg-path(valve, boiler)"]
    assert [one.quote for one in done.evidence] == ["valve feeds boiler."]
    assert model.asked[1][-1]["content"] == "valve feeds boiler. [1]\n[1] note.md"


class Valves:
    """Tables that answer whatever they are asked by one row."""

    def verb(self, verb: str, **named: str) -> Answer:
        evidence = Evidence("valve | 30", 1.0, "tables", verb, name="valves.csv")
        return Answer(named["question"], "30 [1]", "rows", (Citation(1, evidence.quote, evidence, True),))


def test_tables_are_tools_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(OneNote, "tables", Valves(), raising=False)
    model = ScriptedPlanner(_call("table-ask", question="At how many bar?"), {"content": "At 30 bar."})
    done = loop(model, tools=[*offered_at("loop")])
    assert done.calls == ["table-ask(At how many bar?)"]
    assert [one.quote for one in done.evidence] == ["valve | 30"]
    assert model.asked[1][-1]["content"] == "30 [1]"


@pytest.mark.parametrize(
    ("budget", "ended", "replies"),
    [(Budget(steps=3), "steps", 3), (Budget(tokens=10), "tokens", 0), (Budget(seconds=-1), "seconds", 0)],
)
def test_whichever_part_of_the_budget_is_spent_first_ends_the_loop(budget: Budget, ended: str, replies: int):
    model = ScriptedPlanner(_call("search", question="valve"))
    done = loop(model, budget)
    assert (done.text, done.ended, len(model.asked)) == ("", ended, replies)


def test_every_call_of_one_reply_is_answered_by_its_id():
    two = {"tool_calls": [*_call("search", question="a")["tool_calls"], *_call("search", question="b")["tool_calls"]]}
    two["tool_calls"][1]["id"] = "second"
    model = ScriptedPlanner(two, {"content": "Done."})
    loop(model)
    assert [turn["tool_call_id"] for turn in model.asked[1] if turn["role"] == "tool"] == ["call-search", "second"]


@pytest.mark.parametrize(
    "function",
    [
        {"name": "add", "arguments": "{}"},
        {"name": "search", "arguments": "{"},
        {"name": "search", "arguments": "[1]"},
        {"name": "search", "arguments": '{"question": 1}'},
        {"name": "search"},
        {},
    ],
)
def test_a_call_that_cannot_be_run_is_told_to_the_model(function: dict[str, str]):
    model = ScriptedPlanner({"tool_calls": [{"id": "x", "function": function}]}, {"content": "Not found."})
    done = loop(model)
    assert model.asked[1][-1]["content"].startswith("error: ")
    assert not done.evidence


def test_a_result_is_cut_and_its_evidence_kept_whole(monkeypatch: pytest.MonkeyPatch):
    long = Evidence("\n".join(map(str, range(500))), 1.0, "lexical", "words", name="long.md")
    monkeypatch.setattr(OneNote, "search", lambda *_: [long])
    model = ScriptedPlanner(_call("search", question="numbers"), {"content": "Done."})
    assert loop(model).evidence == [long]
    assert len(model.asked[1][-1]["content"].splitlines()) == LONGEST


def test_the_settings_say_how_much_a_library_may_spend(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_PLAN_STEPS", "2")
    assert Budget.of(Settings.from_env()) == Budget(steps=2)


def test_the_trace_names_the_calls_and_what_was_spent(open_library: Open, endpoint: Any):
    server = endpoint(*[_call("search", question="penguin")] * 9)
    answer = open_library(server.model()).ask(QUESTION, write=True)
    (step,) = [step for step in answer.trace if step.name == "tools"]
    assert step.detail.startswith("search(penguin), ")
    assert step.detail.endswith("; the budget of steps was spent")
