"""Claims about statements, true and false, as people wrote them: for the support check's figures and its training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planted:
    text: str
    """Name of the text that the statement is from."""
    governor: str
    statement: str
    claim: str
    kind: str
    """``true``, or the kind of falsehood."""

    @property
    def true(self) -> bool:
        return self.kind == "true"


def read_claims(file: Path) -> list[Planted]:
    """Lines ``= text``, ``@ governor``, ``> statement``, ``+ true claim``, ``- kind: false claim``, each of what stands
    above it; others say nothing."""
    found: list[Planted] = []
    text = governor = statement = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        sign, said = line[:2], line[2:]
        match sign:
            case "= ":
                text = said.partition(":")[0]
            case "@ ":
                governor = said
            case "> ":
                statement = said
            case "+ ":
                found.append(Planted(text, governor, statement, said, "true"))
            case "- ":
                kind, _, claim = said.partition(": ")
                found.append(Planted(text, governor, statement, claim, kind))
    return found
