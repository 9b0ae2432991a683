"""Classes that inherit from themselves by way of others, as their texts have it. Knows names alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def circular(above: Mapping[str, Collection[str]]) -> set[str]:
    """Names that stand above themselves by way of others, as no classes of a program that runs do, and those between
    two such circles. ``above``: what stands directly above each."""
    left = set(above)
    below: dict[str, list[str]] = {}
    for name, upper in above.items():
        for each in upper:
            below.setdefault(each, []).append(name)
    for up, down in ((above, below), (below, above)):
        counts = {name: sum(each in left for each in up.get(name, ())) for name in left}
        waiting = [name for name, count in counts.items() if not count]
        while waiting:
            name = waiting.pop()
            left.discard(name)
            for each in down.get(name, ()):
                if each in counts:
                    counts[each] -= 1
                    if not counts[each]:
                        waiting.append(each)
    return left
