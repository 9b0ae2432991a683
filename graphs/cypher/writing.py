"""Names and values as Cypher writes them."""

from __future__ import annotations

_WORDS = frozenset(
    """
    MATCH WHERE RETURN WITH ORDER BY LIMIT SKIP AND OR NOT XOR
    IN IS NULL TRUE FALSE AS DISTINCT UNION CALL CASE WHEN THEN
    ELSE END CREATE MERGE DELETE SET REMOVE DETACH UNWIND OPTIONAL EXISTS COUNT
    ALL ANY NONE SINGLE DESC ASC STARTS ENDS CONTAINS ON DO FOR
    YIELD LOAD FROM DROP ADD USING INDEX CONSTRAINT
    """.split()  # noqa: SIM905
)


def literal(value: str | int | float | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "null" if value is None else str(value)


def quote_name(name: str) -> str:
    plain = name.isascii() and name.isidentifier() and name.upper() not in _WORDS
    return name if plain else "`{}`".format(name.replace("`", "``"))
