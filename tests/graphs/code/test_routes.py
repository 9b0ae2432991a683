"""Paths of HTTP APIs and what handles them."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.agents.steps.route import route
from evidentia.graphs.code.questions.routes import routes
from evidentia.graphs.code.source import CodeSource

FILES = {
    "flask_app.py": (
        "from flask import Flask, Blueprint\napp = Flask(__name__)\nbp = Blueprint('bp', __name__, url_prefix='/admin')\n"
        "@app.route('/users')\ndef users(): pass\n@app.route('/users/<int:number>', methods=['GET', 'DELETE'])\ndef user(number): pass\n"
        "@bp.get('/home')\ndef home(): pass\ndef late(): pass\napp.add_url_rule('/late', 'late', late)\n"
        "@app.route(PATH)\ndef computed(): pass\n@cache.get('key')\ndef cached(): pass\n"
    ),
    "fast.py": (
        "from fastapi import APIRouter\nrouter = APIRouter(prefix='/items')\n"
        "@router.get('/{item_id}')\nasync def read(item_id: int): pass\n@router.post('')\nasync def make(): pass\n"
        "router.add_api_route('/all', make)\n"
    ),
    "star.py": "from starlette.routing import Route\nasync def ping(r): pass\nROUTES = [Route('/ping', endpoint=ping)]\n",
    "urls.py": (
        "from django.urls import path\nfrom . import views\nimport views as v\nfrom views import Detail\n"
        "urlpatterns = [path('polls/', v.index), path('polls/<slug:s>/', Detail.as_view()), path('admin/', include('x'))]\n"
    ),
    "views.py": "def index(r): pass\nclass Detail:\n    def get(self, r): pass\n",
    "other.py": "from os import path\npath.join('/a', b)\nimport requests\nrequests.get('/x', f)\n",
    "server.js": (
        "const express = require('express'); const app = express();\nfunction list(req, res) {}\n"
        "app.get('/x', list);\napp.post('/x', auth, (req, res) => {});\nrouter.route('/y').get(list);\n"
        "axios.get('/z', list);\napp.get('name');\n"
    ),
}  # fmt: skip


@pytest.fixture
def graph(workspace: Any) -> Any:
    return workspace.build(FILES)


def found(graph: Any, path: str = "") -> set[tuple[str, str]]:
    return {(row.note, row.symbol.id) for row in routes(graph, path)[0].rows}


def test_every_route_leads_to_its_handler(graph: Any) -> None:
    assert found(graph) == {
        ("GET /users", "flask_app.users"),
        ("GET /users/<int:number>", "flask_app.user"),
        ("DELETE /users/<int:number>", "flask_app.user"),
        ("GET /admin/home", "flask_app.home"),
        ("GET /late", "flask_app.late"),
        ("GET /items/{item_id}", "fast.read"),
        ("GET /items/all", "fast.make"),
        ("GET /ping", "star.ping"),
        ("ANY /polls/", "views.index"),
        ("ANY /polls/<slug:s>/", "views.Detail"),
        ("GET /x", "server.list"),
        ("POST /x", "server"),
        ("GET /y", "server.list"),
    }


@pytest.mark.parametrize(
    ("path", "handler"),
    [
        ("/users", {"flask_app.users"}),
        ("/users/5", {"flask_app.user"}),
        ("DELETE /users/5", {"flask_app.user"}),
        ("/api/v1/users", {"flask_app.users"}),
        ("/items/3", {"fast.read"}),
        ("/items/all", {"fast.make"}),
        ("/polls", {"views.index"}),
        ("POST /x", {"server"}),
        ("PUT /users", set()),
        ("/nothing", set()),
    ],
)
def test_a_request_finds_its_handler(graph: Any, path: str, handler: set[str]) -> None:
    assert {handler for _, handler in found(graph, path)} == handler


def test_routes_are_nodes_of_the_projection(graph: Any) -> None:
    source = CodeSource(graph.store)
    nodes = {node.id: node for node in source.nodes()}
    edges = [edge for edge in source.edges() if edge.type == "ROUTES"]
    assert nodes["route:GET /users"].properties == {"name": "GET /users", "method": "GET", "path": "/users"}
    assert all(edge.source in nodes and edge.target in nodes for edge in edges)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("What handles the route /users?", "/users"),
        ("Which function serves GET /users/5?", "GET /users/5"),
        ("Where is the route `/ping` handled?", "/ping"),
        ("Who handles requests to /users?", "/users"),
        ("Which routes are there?", ""),
        ("What endpoints does this app expose?", ""),
    ],
)
def test_questions_about_routes(question: str, path: str) -> None:
    way = route(question)
    assert (way.verb, way.arguments.get("path", "")) == ("routes", path)


GO = """package main

import "net/http"

func list(w http.ResponseWriter, r *http.Request) {}
func show(w http.ResponseWriter, r *http.Request) {}
func make_(w http.ResponseWriter, r *http.Request) {}
func drop(w http.ResponseWriter, r *http.Request) {}
func ping(c any) {}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users", list)
	mux.Handle("/users/{id}", logged(http.HandlerFunc(show)))
	r.HandleFunc("/users/{id}", drop).Methods("DELETE", http.MethodPatch)
	router.POST("/users", check, make_)
	e.Get("/ping", ping)
	client.Get("/no", 1)
}
"""


@pytest.mark.parametrize(
    ("path", "handler"),
    [
        ("GET /users", {"main.list"}),
        ("POST /users", {"main.make_"}),
        ("DELETE /users/5", {"main.drop"}),
        ("PATCH /users/5", {"main.drop"}),
        ("/ping", {"main.ping"}),
        ("/no", set()),
    ],
)
def test_routes_of_go(workspace: Any, path: str, handler: set[str]) -> None:
    rows = {each for _, each in found(workspace.build({"main.go": GO}), path)}
    assert handler <= rows
    assert handler or not rows
