"""Recall against queries per second as an SVG, written by hand: one line of points per series, the target dashed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

from .measure import Point

WIDTH, HEIGHT, MARGIN = 640, 400, 60
Place = Callable[[float, float], tuple[float, float]]
COLOURS = ("#1b6ca8", "#d1495b", "#2e933c", "#8f5fbf", "#c77d0a", "#444444")


def svg(series: Mapping[str, Sequence[Point]], target: float, title: str) -> str:
    """Draws a whole SVG document. Recall goes right, queries per second up, on a logarithmic scale."""
    points = [point for line in series.values() for point in line]
    left = min([target, *(point.recall for point in points)]) - 0.01
    speeds = [math.log10(max(point.per_second, 1)) for point in points] or [0.0]
    low, high = math.floor(min(speeds) * 10) / 10, math.ceil(max(speeds) * 10) / 10 + 0.05

    def place(recall: float, speed: float) -> tuple[float, float]:
        across = (recall - left) / (1.005 - left)
        up = (math.log10(max(speed, 1)) - low) / (high - low)
        return MARGIN + across * (WIDTH - 1.5 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    parts = [
        _text(WIDTH / 2, 24, title, "middle", 15),
        *_frame(left, low, high, target_x=place(target, 1)[0], target=target, place=place),
    ]
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts += _line([place(point.recall, point.per_second) for point in line], line, colour)
        parts.append(
            _text(MARGIN + 12, HEIGHT - MARGIN - 12 - 16 * number, f"● {name}", anchor="start", size=12, colour=colour)
        )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _frame(left: float, low: float, high: float, target_x: float, target: float, place: Place) -> list[str]:
    bottom, top = HEIGHT - MARGIN, MARGIN
    parts = [
        f'<path d="M{MARGIN} {top}V{bottom}H{WIDTH - MARGIN / 2}" fill="none" stroke="#444"/>',
        f'<path d="M{target_x:.1f} {top}V{bottom}" stroke="#888" stroke-dasharray="4 4"/>',
        _text(target_x, top - 6, f"target {target:.2f}", anchor="middle", size=11, colour="#666"),
        _text(WIDTH / 2, HEIGHT - 16, "recall of the exact nearest", "middle", 12),
        f'<g transform="rotate(-90 16 {HEIGHT / 2})">{_text(16, HEIGHT / 2, "queries per second, one thread", "middle", 12)}</g>',  # noqa: E501
    ]
    recalls = [left + (1 - left) * step / 4 for step in range(5)]
    parts += [_text(place(recall, 1)[0], bottom + 16, f"{recall:.3f}", "middle", 11) for recall in recalls]
    speeds = [10 ** (low + (high - low) * step / 4) for step in range(5)]
    parts += [_text(MARGIN - 6, place(1, speed)[1] + 4, f"{speed:,.0f}", "end", 11) for speed in speeds]
    return parts


def _line(places: Sequence[tuple[float, float]], points: Sequence[Point], colour: str) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for (x, y), point in zip(places, points, strict=True):
        label = escape(f"efSearch {point.effort}: recall {point.recall:.3f}, {point.per_second:,.0f}/s")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"><title>{label}</title></circle>')
    return parts


def _text(x: float, y: float, text: str, anchor: str, size: int, colour: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
    )
