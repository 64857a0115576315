"""A picture of how the time grows with the ballots: both axes by powers of ten, as plain SVG.

It can be read without seeing it: title and description say what it shows, every line is named
where it ends, and a line's pattern tells it apart as well as its colour does.
"""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 90, 190, 60, 60
STYLES = (("#0b5c8a", ""), ("#9a3412", "8 4"), ("#166534", "2 4"), ("#6b21a8", "12 4 2 4"))
LEAST_GAP = 18
Line = Sequence[tuple[int, float]]


def draw_growth(lines: Mapping[str, Line]) -> str:
    """The picture of these lines, each a list of ballots and seconds."""
    sizes = [size for line in lines.values() for size, _ in line]
    times = [seconds for line in lines.values() for _, seconds in line]
    across = _powers(min(sizes), max(sizes))
    upward = _powers(min(times), max(times))
    said = "; ".join(
        f"{name}: {line[0][1]:.4f} s for {line[0][0]:,} to {line[-1][1]:.2f} s for {line[-1][0]:,}"
        for name, line in lines.items()
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        'role="img" aria-labelledby="t d" font-family="sans-serif" font-size="13">',
        '<title id="t">CPU seconds for grouping and counting, by number of ballots</title>',
        f'<desc id="d">Both axes go by powers of ten. {escape(said)}.</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="30" font-size="16">CPU seconds for grouping and counting</text>',
        *_grid(across, upward),
    ]
    places = {
        name: [(_at(size, across, _COLUMNS), _at(time, upward, _ROWS)) for size, time in line]
        for name, line in lines.items()
    }
    parts += _drawn(places)
    return "\n".join([*parts, "</svg>", ""])


_COLUMNS = (LEFT, WIDTH - RIGHT)
_ROWS = (HEIGHT - BOTTOM, TOP)


def _powers(least: float, most: float) -> list[int]:
    return list(range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1))


def _at(value: float, powers: Sequence[int], ends: tuple[int, int]) -> float:
    part = (math.log10(value) - powers[0]) / (powers[-1] - powers[0])
    return round(ends[0] + part * (ends[1] - ends[0]), 1)


def _grid(across: Sequence[int], upward: Sequence[int]) -> list[str]:
    parts = []
    for power in across:
        x = _at(10.0**power, across, _COLUMNS)
        parts.append(f'<path d="M{x} {TOP}V{HEIGHT - BOTTOM}" stroke="#ccc"/>')
        label = f"{10**power:,}"
        parts.append(f'<text x="{x}" y="{HEIGHT - 38}" text-anchor="middle">{label}</text>')
    for power in upward:
        y = _at(10.0**power, upward, _ROWS)
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ccc"/>')
        label = f"{10.0**power:g} s"
        parts.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{label}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [*parts, f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">ballots</text>']


def _drawn(places: Mapping[str, Sequence[tuple[float, float]]]) -> list[str]:
    """The lines, each named where it ends, with the names far enough apart to be read."""
    parts = []
    label = math.inf
    styles = dict(zip(places, STYLES, strict=False))
    for name in sorted(places, key=lambda each: places[each][-1][1], reverse=True):
        colour, pattern = styles[name]
        path = "L".join(f"{x} {y}" for x, y in places[name])
        parts.append(
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{pattern or "none"}"/>'
        )
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places[name]]
        x, y = places[name][-1]
        label = min(y + 4, label - LEAST_GAP)
        parts.append(f'<text x="{x + 8}" y="{label}" fill="{colour}">{escape(name)}</text>')
    return parts
