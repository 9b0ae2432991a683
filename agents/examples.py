"""Questions that a library can answer, made from what it holds: what a newcomer sees before the first question."""

from __future__ import annotations

import re

from ..corpus.passages import headings_of_prose
from ..corpus.store import Store

MOST = 4
_MOST_CALLED = """SELECT t.name, n.label, count(DISTINCT e.source) AS callers FROM code_edges e
    JOIN code_names t ON t.id = e.target JOIN code_nodes n ON n.id = t.id
    WHERE e.type = 'CALLS' AND e.resolution = 'exact' AND n.label IN ('FUNCTION', 'METHOD')
    AND t.last NOT LIKE '\\_%' ESCAPE '\\'
    GROUP BY t.id ORDER BY n.label, callers BETWEEN 3 AND 12 DESC, callers DESC, t.name LIMIT 1"""
_MOST_SUBCLASSES = """SELECT t.name, count(*) AS subclasses FROM code_edges e JOIN code_names t ON t.id = e.target
    JOIN code_nodes n ON n.id = t.id WHERE e.type = 'INHERITS' GROUP BY t.id ORDER BY subclasses DESC, t.name LIMIT 1"""
_HEADINGS = 400
"""How many are looked at."""
_TITLE = re.compile(
    r"(?!(?:The|A|An|What|How|Why|When|Two|Three|More|Other|See|Next)\b)[A-Z][^\W\d_]+(?: [^\W\d_]+){1,5}"
)
"""A heading that can stand in a sentence: some plain words."""
_WORD = re.compile(
    r"(?!(?:Abstract|Annex|Appendix|Author|Background|Chapter|Conclusion|Content|Detail|Example|Foreword|General|"
    r"Glossary|Index|Introduction|Link|Miscellaneous|More|Note|Other|Overview|Part|Preface|Reference|Result|Scope|"
    r"Section|Summary|Table|Todo|Usage)s?$)[A-Z][^\W\d_]{3,}"
)
"""A heading of one word that says what its section is about."""


def examples(store: Store, most: int = MOST) -> list[str]:
    """Suggests questions about the code, where there is some, and about places in the documents."""
    rows = store.connection.execute
    found = []
    if called := rows(_MOST_CALLED).fetchone():
        found.append(f"Who calls `{_short(called[0], 2 if called[1] == 'METHOD' else 1)}`?")
    if base := rows(_MOST_SUBCLASSES).fetchone():
        found.append(f"Which classes inherit from `{_short(base[0])}`?")
    headings = dict.fromkeys(heading.rpartition(" > ")[2] for heading in headings_of_prose(store, _HEADINGS))
    titles = [heading for heading in headings if _TITLE.fullmatch(heading)]
    wanted = max(1, most - len(found))
    if len(titles) < wanted:
        titles += [heading for heading in headings if _WORD.fullmatch(heading)]
    spread = titles[:: max(1, len(titles) // wanted)]
    return [*found, *(f"Where is “{title}” described?" for title in spread)][:most]


def _short(name: str, parts: int = 1) -> str:
    return ".".join(name.split(".")[-parts:])
