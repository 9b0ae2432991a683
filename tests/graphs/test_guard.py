"""The guard of graph queries: what may run, what may not, and how it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import QueryRefused
from evidentia.graphs.base import GraphSchema
from evidentia.graphs.cypher.anchor import anchor_first
from evidentia.graphs.cypher.guard import FUNCTIONS, PROCEDURES, check, check_schema, read
from evidentia.graphs.cypher.parser import parse


def test_a_text_is_parsed_once_however_many_read_it() -> None:
    cypher = "MATCH (n:FUNCTION) WHERE n.name = 'once' RETURN n.name"
    before = parse.cache_info().misses
    read(cypher)
    check_schema(cypher, GraphSchema({"FUNCTION": ("name",)}, ()))
    anchor_first(cypher)
    assert parse.cache_info().misses == before + 1


READS = [
    "MATCH (n) RETURN n",
    "match (n:`odd name` {`a key`: 1}) return n.`a key` as `the key`",
    "MATCH (a:A&B|!C)-[r:X|Y*1..3 {w: $w}]->(b WHERE b.x > 1) WHERE a.name = $name RETURN *",
    "OPTIONAL MATCH p = (a)-->(b)<--(c)--(d) WITH p, a ORDER BY a.x DESC SKIP 1 LIMIT $n WHERE a.x IS NULL RETURN p",
    "UNWIND [1, 2] AS x WITH x WHERE x <> 2 RETURN x UNION ALL RETURN 1 AS x UNION RETURN 3 AS x",
    "MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN n, c",
    "MATCH (n) CALL (n) { MATCH (n)-->(m) RETURN count(m) AS c } RETURN n, c",
    "MATCH (n) WHERE EXISTS { (n)-[:X]->() WHERE n.a = 1 } AND COUNT { MATCH (n)-->(m) RETURN m } > 1 RETURN n",
    "RETURN COLLECT { MATCH (n) RETURN n.name } AS names",
    "MATCH (n) WHERE NOT (n)<-[:X]-(:B {k: 1}) AND (n)-->() RETURN [(n)-[:X]->(m:B) WHERE m.a = 1 | m.name] AS l",
    "MATCH (n) RETURN n {.a, .*, b: n.c, n} AS m, [x IN n.l WHERE x > 1 | x ^ 2] AS l, {a: [1, {b: null}]} AS k",
    "RETURN CASE WHEN 1 < 2 <= 3 THEN 'a' ELSE \"b\" END AS x, CASE 1 WHEN 1 THEN 2 END AS y",
    "MATCH (n) WHERE all(x IN n.l WHERE x = 1) OR n.a IS NOT NULL AND n:A:B RETURN n",
    "MATCH p = shortestPath((a:A)-[:X*]-(b:B)) RETURN length(p)",
    "MATCH p = ANY SHORTEST (a)-[:X]->+(b) RETURN p",
    "MATCH (a)((x)-[:X]->(y) WHERE x.a = 1){1,3}(b) RETURN a",
    "MATCH (count)-->(order) WHERE order.match = count.return RETURN count(count) AS limit",
    "RETURN 1 - -1 AS a, - [1][0] AS b, [1, 2, 3][0..-1] AS c, 0x1F AS d, 1e3 AS e, .5 AS f, 'it\\'s' AS g",
    "CALL db.labels()",
    "CALL db . labels ( ) YIELD label RETURN date.truncate ('day', date()) AS d",
    "CALL db.labels() YIELD label AS l WHERE l STARTS WITH 'A' RETURN l",
    "CALL db.index.fulltext.queryNodes('ft', $q) YIELD node, score RETURN node.id, score",
    "MATCH (n) /* SET n.x = 1 */ RETURN n // ; DELETE n\n",
    "MATCH (n) WHERE n.text CONTAINS 'CREATE (m); DROP' RETURN n;",
]

BYPASSES = {
    "a write": "MATCH (n) SET n.x = 1",
    "a write before RETURN": "MATCH (n) SET n.x = 1 RETURN n",
    "mixed case": "MaTcH (n) dEtAcH dElEtE n",
    "a node": "CREATE (n)",
    "a merge": "MERGE (n:A {id: 1}) RETURN n",
    "a removal": "MATCH (n) REMOVE n.x RETURN n",
    "a loop of writes": "MATCH (n) FOREACH (x IN [1] | SET n.x = x) RETURN n",
    "an index": "CREATE INDEX FOR (n:A) ON (n.x)",
    "a user": "CREATE USER eve SET PASSWORD 'x'",
    "a second statement": "MATCH (n) RETURN n; MATCH (n) DETACH DELETE n",
    "a second statement after a comment": "MATCH (n) RETURN n; // done\nCREATE (n)",
    "a comment that ends early": "MATCH (n) /* /* */ DELETE n RETURN n // */",
    "a line comment that ends at a carriage return": "MATCH (n) // \r SET n.x = 1 RETURN n",
    "a comment inside a word": "MATCH (n) DEL/**/ETE n",
    "a string that ends early": "MATCH (n) WHERE n.x = 'a' SET n.y = 'b' RETURN n",
    "an escaped quote": "MATCH (n) WHERE n.x = 'a\\\\' SET n.y = '' RETURN n",
    "an open string": "MATCH (n) WHERE n.x = 'a RETURN n",
    "a Unicode escape that closes a string": "MATCH (n) WHERE n.x = 'a\\u0027 DELETE n //' RETURN n",
    "a Unicode escape in a comment": "MATCH (n) // \\u000a DELETE n\nRETURN n",
    "a Unicode escape in a word": "MATCH (n) \\u0044ELETE n",
    "backticks that end early": "MATCH (n:`a`) SET n.x = 1 RETURN n",
    "a backticked procedure": "CALL `dbms`.`listConfig`() YIELD name RETURN name",
    "a backticked allowed one": "CALL `db.labels`()",
    "a backticked function": "RETURN `apoc`.`version`()",
    "a write in a subquery": "MATCH (n) CALL { WITH n SET n.x = 1 RETURN 1 AS a } RETURN n",
    "a write in EXISTS": "MATCH (n) WHERE EXISTS { CREATE (m) RETURN m } RETURN n",
    "a write in COLLECT": "RETURN COLLECT { CREATE (m) RETURN m } AS m",
    "a write in a nested call": "CALL { CALL { CREATE (n) RETURN n } RETURN n } RETURN n",
    "batches": "MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS RETURN 1",
    "a write after UNION": "MATCH (n) RETURN n UNION CREATE (n) RETURN n",
    "a file": "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "a file in lower case": "load  csv with headers from 'http://x' as l return l",
    "a file in a subquery": "CALL { LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l } RETURN l",
    "administration": "CALL dbms.listConfig() YIELD name RETURN name",
    "administration in odd spacing": "CALL dbms . listConfig ( ) YIELD name RETURN name",
    "apoc": "CALL apoc.periodic.iterate('MATCH (n) RETURN n', 'DELETE n', {})",
    "an apoc function": "RETURN apoc.cypher.runFirstColumnSingle('MATCH (n) DELETE n', {}) AS x",
    "another graph": "USE other MATCH (n) RETURN n",
    "a graph function": "MATCH (n) WITH graph.byName('other') AS g RETURN g",
    "a plan": "PROFILE MATCH (n) RETURN n",
    "settings": "SHOW SETTINGS",
    "terminate": "TERMINATE TRANSACTIONS 'x'",
    "no result": "MATCH (n)",
    "nothing": " // only a comment",
}


@pytest.mark.parametrize("cypher", READS)
def test_reading_constructs_are_accepted(cypher: str) -> None:
    check(cypher)


@pytest.mark.parametrize("cypher", BYPASSES.values(), ids=BYPASSES.keys())
def test_a_bypass_is_refused(cypher: str) -> None:
    with pytest.raises(QueryRefused):
        check(cypher)


@given(st.sampled_from(sorted(BYPASSES)), st.randoms(use_true_random=False))
def test_a_bypass_is_refused_in_any_case_and_spacing(name: str, random) -> None:  # type: ignore[no-untyped-def]
    mangled = "".join(random.choice([c.upper(), c.lower()]) + " " * (c == " ") for c in BYPASSES[name])
    with pytest.raises(QueryRefused):
        check(mangled)


@given(st.text(alphabet="MATCH RETURNSETnm()[]{}<>-=:;.,'\"`/*\\0\n|$", max_size=60))
def test_any_text_is_accepted_or_refused_and_nothing_else(text: str) -> None:
    try:
        check(text)
    except QueryRefused as refusal:
        assert refusal.what  # noqa: PT017 — either outcome is fine


@pytest.mark.parametrize("cypher", READS)
def test_what_was_checked_passes_again_unchanged(cypher: str) -> None:
    assert check(check(cypher)) == check(cypher)


def test_the_text_that_runs_has_no_comments_and_no_semicolon() -> None:
    assert check("MATCH (n) /* a */ RETURN n // b\n;") == "MATCH (n)         RETURN n"


def test_a_comment_sign_inside_a_string_stays() -> None:
    assert check("RETURN 'http://x/*y*/' AS u") == "RETURN 'http://x/*y*/' AS u"


def test_a_refusal_says_what_where_and_what_to_do() -> None:
    with pytest.raises(QueryRefused) as refusal:
        check("MATCH (n)\nWHERE n.x = 1\n  SET n.y = 2")
    assert str(refusal.value) == (
        "SET changes the graph, and queries here only read: line 3, column 3. Use MATCH … RETURN."
    )


def test_an_unknown_function_names_the_nearest() -> None:
    with pytest.raises(QueryRefused, match=r"function toLowr may not be called here.*Did you mean tolower"):
        check("RETURN toLowr('A')")


@pytest.mark.parametrize("name", ["apoc.text.join", "db.nameFromElementId", "file", "linenumber", "genai.encode"])
def test_functions_outside_the_list_are_refused(name: str) -> None:
    assert name.lower() not in FUNCTIONS | PROCEDURES
    with pytest.raises(QueryRefused, match="may not be called"):
        check(f"RETURN {name}('x') AS x")


@pytest.mark.parametrize(
    ("written", "run"),
    [
        ("-[:X*]->", "-[:X*..8]->"),
        ("-[*]-", "-[*..8]-"),
        ("-[:X*2..]->", "-[:X*2..8]->"),
        ("-[:X*0..]->", "-[:X*0..8]->"),
        ("-[:X*..3]->", "-[:X*..3]->"),
        ("-[:X*4]->", "-[:X*4]->"),
        ("-[:X]->+", "-[:X]->{1,8}"),
        ("-[:X]->*", "-[:X]->{0,8}"),
        ("-[:X]->{2,}", "-[:X]->{2,8}"),
    ],
)
def test_open_ended_paths_are_capped_and_it_is_said(written: str, run: str) -> None:
    query = read(f"MATCH (a){written}(b) RETURN b")
    assert query.text == f"MATCH (a){run}(b) RETURN b"
    assert bool(query.notes) == (written != run)


@pytest.mark.parametrize("path", ["(a)-[*1..9]->(b)", "(a)-[*20]->(b)", "(a)-[*0x10]->(b)", "(a)((x)-->(y)){1,12}(b)"])
def test_longer_bounds_are_refused(path: str) -> None:
    with pytest.raises(QueryRefused, match="at most 8 hops"):
        check(f"MATCH {path} RETURN b")


def test_a_shortest_path_is_not_capped() -> None:
    text = "MATCH p = shortestPath((a)-[:X*..30]->(b)) RETURN p"
    assert check(text) == text


@pytest.mark.parametrize(
    "expression",
    [
        "reduce(s = 0, x IN range(1, 2000000000) | s + x)",
        "[x IN range(1, 1000 * 1000) | x]",
        "any(x IN [1] WHERE any(y IN [1] WHERE any(z IN [1] WHERE z = x)))",
    ],
)
def test_loops_that_no_engine_can_interrupt_are_refused(expression: str) -> None:
    with pytest.raises(QueryRefused, match="loop"):
        check(f"RETURN {expression} AS x")


@pytest.mark.parametrize(
    "text", ["RETURN " + "(" * 200 + "1" + ")" * 200, "RETURN " + "[" * 5000, "RETURN '" + "x" * 30_000 + "'"]
)
def test_texts_that_could_exhaust_a_parser_are_refused(text: str) -> None:
    with pytest.raises(QueryRefused):
        check(text)


def test_a_long_chain_of_conditions_is_fine() -> None:
    check("MATCH (n) WHERE " + " OR ".join(f"n.x = {i}" for i in range(1_000)) + " RETURN n")


@pytest.mark.parametrize(
    ("cypher", "columns"),
    [
        ("MATCH (n) RETURN n.name, count( * ) AS `how many`", ("n.name", "how many")),
        ("MATCH (n) RETURN *", ()),
        ("CALL db.labels() YIELD label AS l", ("l",)),
        ("RETURN 1 AS a UNION RETURN 2 AS a", ("a",)),
    ],
)
def test_columns_are_named_as_written(cypher: str, columns: tuple[str, ...]) -> None:
    assert read(cypher).columns == columns


# --- against a schema

SCHEMA = GraphSchema(
    {"CLASS": ("id", "name"), "METHOD": ("id", "name", "code"), "MODULE": ("id",)},
    (("CLASS", "HAS_METHOD", "METHOD"), ("METHOD", "CALLS", "METHOD"), ("MODULE", "CONTAINS", "CLASS")),
)


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (c:CLASS {name: 'a'})-[:HAS_METHOD]->(m) RETURN m.code",
        "MATCH (m)<-[:HAS_METHOD]-(c) WHERE c:CLASS RETURN c {.id, .name}",
        "MATCH (c:CLASS) WITH c.name AS c RETURN c.year",
        "MATCH (m:METHOD)-[r:CALLS {weight: 1}]-(n) RETURN r.weight, properties(n).anything",
        "MATCH (a:CLASS)-[*1..3]->(b:MODULE) RETURN a",
    ],
)
def test_a_query_that_fits_the_schema_has_no_complaints(cypher: str) -> None:
    assert check_schema(cypher, SCHEMA) == []


@pytest.mark.parametrize(
    ("cypher", "complaint"),
    [
        ("MATCH (c:Class) RETURN c", "no node has the label Class: did you mean CLASS?"),
        ("MATCH (n) WHERE n:METHODS RETURN n", "no node has the label METHODS: did you mean METHOD?"),
        ("MATCH ()-[:HAS_METHODS]->() RETURN 1", "no relationship has the type HAS_METHODS: did you mean HAS_METHOD?"),
        ("MATCH (c:CLASS {nam: 1}) RETURN c", "no CLASS has the property nam: did you mean name?"),
        ("MATCH (c:CLASS) RETURN c.code", "no CLASS has the property code; known are id, name"),
        ("MATCH (n) RETURN n {.cod}", "no node has the property cod: did you mean code?"),
        (
            "MATCH (m:METHOD)-[:HAS_METHOD]->(c:CLASS) RETURN c",
            "(:METHOD)-[:HAS_METHOD]->(:CLASS) never occurs: turn the arrow around",
        ),
        (
            "MATCH (c:CLASS)-[:CALLS]->(x) RETURN x",
            "(:CLASS)-[:CALLS]->(:?) never occurs: there is (:METHOD)-[:CALLS]->(:METHOD)",
        ),
    ],
)
def test_a_name_or_arrow_that_the_graph_lacks_is_reported(cypher: str, complaint: str) -> None:
    assert check_schema(cypher, SCHEMA) == [complaint]


# --- anchors first


@pytest.mark.parametrize(
    ("written", "turned"),
    [
        ("MATCH (x)-[:C]->(m {id: 1}) RETURN x", "MATCH (m {id: 1})<-[:C]-(x) RETURN x"),
        (
            "MATCH (x)<-[r:C {w: 1}]-(y)-->(z)--(m) WHERE m.id = $i RETURN x",
            "MATCH (m)--(z)<--(y)-[r:C {w: 1}]->(x) WHERE m.id = $i RETURN x",
        ),
        ("MATCH (m:M) MATCH (x)-[*1..3]->(m) RETURN x", "MATCH (m:M) MATCH (m)<-[*1..3]-(x) RETURN x"),
    ],
)
def test_a_pattern_is_turned_so_that_it_starts_where_it_is_pinned(written: str, turned: str) -> None:
    assert anchor_first(written) == turned


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (m {id: 1})<-[:C]-(x) RETURN x",
        "MATCH p = (x)-->(m {id: 1}) RETURN nodes(p)",
        "MATCH (x)-[r*1..3]->(m {id: 1}) RETURN r",
        "MATCH (x)((a)-->(b)){1,3}(m {id: 1}) RETURN a",
        "MATCH (x)-->(y) RETURN x",
    ],
)
def test_a_pattern_whose_order_shows_or_that_is_not_pinned_stays(cypher: str) -> None:
    assert anchor_first(cypher) == cypher
