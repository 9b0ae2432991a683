"""The code graph of a library, kept in its SQLite file: after every ``update`` it equals a graph built afresh.

Each file's facts are stored; its nodes and edges are derived from them and from the interfaces of the other files.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection

from ...corpus.catalog import document_text
from ...corpus.store import Store
from .coverage import CodeCoverage, EdgeCounts, coverage_of
from .facts import TOO_ENTANGLED, Facts
from .headway import Headway, Told
from .languages import family_of, language_of, programs
from .projects import fingerprint, project_files
from .resolution.attribution import CUT_SHORT, calls, cut_short
from .resolution.edges import edges, is_masked
from .resolution.flow import Flow
from .resolution.incomplete import other_gaps
from .resolution.program import Program
from .resolution.values import Unit
from .rounds import evaluate
from .storage import (
    FORM,
    SCHEMA,
    Bodies,
    CodeFile,
    CodeTables,
    Reads,
    forget,
    forget_graph,
    forget_names,
    forget_reads,
    given_by,
    mentioning,
    name_units,
    read_units,
    relatives,
    store_files,
)
from .touched import touched_definitions, touched_names

_MOST = 0.6
"""Share of the files above which picking the affected ones costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read whole. What was made by a machine, or is too large, is an empty module of the
    graph; of a text with syntax errors what parses is there."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CodeStats:
    files: int
    resolved: int
    """Files whose edges were computed in this update."""
    nodes: int
    edges: int
    problems: tuple[Problem, ...]
    version: int
    """Grows with every update that changed something; a projection of another version is stale."""


class CodeGraph:
    def __init__(self, store: Store) -> None:
        self.store = store
        store.migrate("code", SCHEMA)
        self._remembered: tuple[int, dict[int, Unit]] | None = None
        """The graph's version, and all files as the last update left them, by document."""

    @property
    def version(self) -> int:
        return int(self.store.get("code:version") or 0)

    @property
    def is_outdated(self) -> bool:
        """Whether the stored facts are of an older form; the next ``update`` reads the files' texts again."""
        return self.store.get("code:form") != FORM and self._count("code_files") > 0

    @property
    def is_elsewhere(self) -> bool:
        """Whether a file that says how imports are found is another than at the last ``update``."""
        known = self.store.get("code:projects") or fingerprint({})
        return self._count("code_files") > 0 and known != fingerprint(project_files(self.store.connection))

    def update(self, changed: Iterable[CodeFile], removed: Iterable[int] = (), told: Told | None = None) -> CodeStats:
        """Takes in new and edited files (also those whose module name changed) and forgets ``removed`` documents.

        ``told`` hears how many of the files are done. Call it before the rows in ``documents`` go: when they went
        first, everything is resolved again, since nobody knows any more what the lost files defined.
        """
        changed = list(changed)
        with self.store.transaction() as connection, _without_collector():
            changed += self._of_older_form(connection, {file.document for file in changed})
            self.store.set("code:form", FORM)
            lost = self._count("code_files") != int(self.store.get("code:files") or 0)
            gone = {document for document in removed if self._has(document)}
            projects = fingerprint(project_files(connection))
            moved = projects != (self.store.get("code:projects") or fingerprint({}))
            if not changed and not gone and not lost and not moved:
                return self.stats()
            self.store.set("code:projects", projects)
            before = self._before(connection)
            fresh = {file.document for file in changed}
            counts = EdgeCounts(connection, "" if lost else self.store.get("code:coverage") or "")
            slots = given_by(connection, gone)
            counts.take(gone)
            forget(connection, gone)
            headway = Headway(len(changed), told)
            facts = store_files(connection, changed, headway.step)
            name_units(connection)
            after = self._after(before, facts)
            documents = self._to_resolve(before, after, fresh, in_doubt=lost or moved)
            changes = touched_definitions(
                *({unit.id: unit.facts for unit in side.values()} for side in (before, after))
            )
            # Members of other classes hang on these by the inheritance that was.
            definitions = changes | relatives(connection, changes)
            headway.touch(len(documents))
            resolved = self._write(
                connection, after, counts, touched=documents, changed=slots | definitions, fresh=fresh, headway=headway
            )
            self._stamp(counts)
            self._remembered = self.version, after
        return self.stats(resolved)

    def _before(self, connection: Connection) -> dict[int, Unit]:
        """All files as they were, from memory where no other process has changed the graph since."""
        remembered, self._remembered = self._remembered, None
        if remembered is not None and remembered[0] == self.version:
            return remembered[1]
        return {unit.document: unit for unit in read_units(connection)}

    def _of_older_form(self, connection: Connection, fresh: Collection[int]) -> list[CodeFile]:
        """All other files, where the stored facts are of an older form, which nobody can read any more: they go."""
        if not self.is_outdated:
            return []
        self._remembered = None
        rows = connection.execute("SELECT document_id, path, module FROM code_files").fetchall()
        connection.execute("DELETE FROM code_files")
        return [
            CodeFile(document, path, module, document_text(self.store, document))
            for document, path, module in rows
            if document not in fresh
        ]

    def _stamp(self, counts: EdgeCounts) -> None:
        self.store.set("code:coverage", counts.dump())
        self.store.set("code:files", str(self._count("code_files")))
        self.store.set("code:version", str(self.version + 1))

    def coverage(self) -> CodeCoverage:
        """How many edges are proven, guessed, or lead outside; for telling what an answer could not see."""
        unknown = self._count("code_gaps WHERE name NOT LIKE ':%' AND name NOT LIKE '.%'")
        return coverage_of(self.store.get("code:coverage") or "", len(self.problems()), unknown)

    def stats(self, resolved: int = 0) -> CodeStats:
        files, nodes, links = (self._count(table) for table in ("code_files", "code_nodes", "code_edges"))
        return CodeStats(files, resolved, nodes, edges=links, problems=self.problems(), version=self.version)

    def problems(self) -> tuple[Problem, ...]:
        rows = self.store.connection.execute(
            "SELECT path, error_line, error FROM code_files WHERE error != '' ORDER BY path"
        )
        return tuple(Problem(*row) for row in rows)

    def read_in_part(self, documents: Collection[int]) -> list[tuple[str, str]]:
        """Path and reason of each of these files that could not be read whole, or that takes more work than one file
        may."""
        connection = self.store.connection
        broken = connection.execute("SELECT document_id, path, error_line, error FROM code_files WHERE error != ''")
        placed = [
            (key, path, reason if reason == TOO_ENTANGLED else f"line {line}: {reason}")
            for key, path, line, reason in broken
        ]
        followed = connection.execute(
            "SELECT document_id, path, reason FROM code_gaps JOIN code_files USING (document_id) WHERE reason = ?",
            (CUT_SHORT,),
        )
        return sorted((path, reason) for key, path, reason in (*placed, *followed) if key in documents)

    def modules(self) -> dict[int, str]:
        """Document -> the module name it was taken in with. When an ``__init__.py`` comes or goes, names of unchanged
        files change too, and these have to be given to ``update`` as well."""
        return dict(self.store.connection.execute("SELECT document_id, module FROM code_files"))

    def _count(self, table: str) -> int:
        return int(self.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def _has(self, document: int) -> bool:
        query = "SELECT 1 FROM code_files WHERE document_id = ?"
        return self.store.connection.execute(query, (document,)).fetchone() is not None

    def _after(self, before: dict[int, Unit], fresh: dict[int, Facts]) -> dict[int, Unit]:
        """All files as they are now; what has not changed is not read again."""
        after: dict[int, Unit] = {}
        missing = []
        rows = self.store.connection.execute("SELECT document_id, unit, module, path FROM code_files").fetchall()
        for document, name, module, path in rows:
            known = before.get(document)
            if document in fresh:
                after[document] = Unit(name, module, document, fresh[document], path)
            elif known is not None and known.id == name:
                after[document] = known
            else:
                missing.append(document)
        return after | {unit.document: unit for unit in read_units(self.store.connection, missing)}

    def _to_resolve(
        self, before: dict[int, Unit], after: dict[int, Unit], fresh: Collection[int], *, in_doubt: bool
    ) -> Collection[int]:
        """Documents to resolve again."""
        kept = before.keys() & after.keys() - set(fresh)
        if in_doubt or any(after[document].id != before[document].id for document in kept):
            return after.keys()
        names = touched_names(*({unit.id: unit.facts for unit in units.values()} for units in (before, after)))
        if names is None:
            return after.keys()
        # Where an import leads hangs on which files there are, by other rules than names.
        come_or_gone = [before.get(key) or after[key] for key in before.keys() ^ after.keys()]
        families = {family_of(unit.path) for unit in come_or_gone if not language_of(unit.path).naming.packages}
        families |= {
            family_of(after[key].path)
            for key in fresh
            if language_of(after[key].path).naming.structural
            and (key not in before or before[key].facts.interface() != after[key].facts.interface())
        }
        whole = {key for key, unit in after.items() if families and family_of(unit.path) in families}
        found = whole.union(fresh, *(mentioning(self.store.connection, name) for name in names))
        return found if len(found) < _MOST * len(after) else after.keys()

    def _write(
        self,
        connection: Connection,
        units: dict[int, Unit],
        counts: EdgeCounts,
        *,
        touched: Collection[int],
        changed: set[str],
        fresh: Collection[int],
        headway: Headway,
    ) -> int:
        """Nodes and edges of the touched documents and of those that values reach from there, computed anew. Returns
        how many documents these were."""
        bodies = Bodies(connection, units.values(), fresh)
        forget_reads(connection, touched)
        counts.take(touched)
        forget_graph(connection, touched)
        rows, reads = CodeTables(connection), Reads(connection)
        count = 0
        for program in programs(units.values(), project_files(connection)):
            count += self._write_family(
                program, bodies, rows, reads, counts, touched=touched, changed=changed, headway=headway
            )
        bodies.close()
        if count == len(units):
            forget_names(connection)
        return count

    def _write_family(
        self,
        program: Program,
        bodies: Bodies,
        rows: CodeTables,
        reads: Reads,
        counts: EdgeCounts,
        *,
        touched: Collection[int],
        changed: set[str],
        headway: Headway,
    ) -> int:
        connection = self.store.connection
        own = {unit.document for unit in program.units}
        changed = changed | program.classes.relatives_of(changed)
        summaries, documents = evaluate(
            connection, program, bodies, touched=own & set(touched), changed=changed, reads=reads, step=headway.step
        )
        counts.take(documents)
        forget_graph(connection, documents)
        for unit in program.units:
            if unit.document in documents:
                flow = Flow(program, bodies[unit.document], summaries)
                attributed = list(calls(program, unit, flow))
                attributed += [cut_short(unit)] if flow.is_partial else []
                rows.add_edges(unit, edges(program, unit, flow, attributed))
                rows.add_gaps(unit, [*attributed, *other_gaps(program, unit, flow)])
                rows.add_nodes(unit, [s for s in unit.facts.symbols if not is_masked(program, unit, s.path)])
                reads.add(unit.document, flow.reads)
                headway.step()
        rows.flush()
        reads.flush()
        counts.give(documents)
        return len(documents)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Facts are many small lists without circles: Python's collector of circles would look at all of them in vain."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
