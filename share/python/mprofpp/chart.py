"""Draws a recording as SVG, for where the program mprofpp is missing, whose pictures show more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Sequence, Tuple

    Point = Tuple[float, float]

_WIDTH, _HEIGHT = 900, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 30, 35
_STYLE = (
    "text{font:12px sans-serif;fill:#444}line{stroke:#ddd}.mark{stroke:#a33;stroke-dasharray:3 3}"
    ".curve{fill:none;stroke:#1f77b4;stroke-width:1.5}"
)


def _step(span: float, most: int) -> float:
    """Returns the distance of ticks: 1, 2 or 5 times a power of ten, so that there are at most that many."""
    step = 10.0**-6
    while True:
        for factor in (1, 2, 5):
            if span / (step * factor) <= most:
                return step * factor
        step *= 10


def _ticks(most: float, count: int) -> List[float]:
    step = _step(most, count)
    return [i * step for i in range(int(most / step + 1e-9) + 1)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Axes:
    def __init__(self, seconds: float, mib: float) -> None:
        self.seconds = max(seconds, 1e-6)
        self.mib = max(mib * 1.08, 1.0)

    def x(self, seconds: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / self.seconds

    def y(self, mib: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * mib / self.mib

    def grid(self) -> List[str]:
        shapes = []
        for mib in _ticks(self.mib, 6):
            y = self.y(mib)
            shapes.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            shapes.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mib:g} MiB</text>')
        for seconds in _ticks(self.seconds, 8):
            x, y = self.x(seconds), _HEIGHT - 12
            shapes.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{seconds:g} s</text>')
        return shapes


def _thinned(points: Sequence[Point], columns: int) -> List[Point]:
    """Keeps the lowest and the highest point of each column of pixels."""
    if len(points) <= 2 * columns:
        return list(points)
    span = points[-1][0] or 1.0
    kept: List[Point] = []
    column: List[Point] = []
    for point in points:
        if column and int(point[0] / span * columns) != int(column[0][0] / span * columns):
            kept += sorted({min(column, key=lambda p: p[1]), max(column, key=lambda p: p[1])})
            column = []
        column.append(point)
    return kept + column


def svg(points: Sequence[Point], marks: Sequence[Tuple[float, str]] = (), title: str = "") -> str:
    """Returns the picture of a curve of (seconds from its start, MiB), with marks at (seconds, text)."""
    peak = max(points, key=lambda point: point[1])
    axes = _Axes(points[-1][0], peak[1])
    line = " ".join(f"{axes.x(x):.1f},{axes.y(y):.1f}" for x, y in _thinned(points, _WIDTH))
    shapes = axes.grid()
    for seconds, text in marks:
        x = axes.x(seconds)
        shapes.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>')
        shapes.append(f'<text x="{x + 3:.1f}" y="{_TOP + 10}">{_escaped(text)}</text>')
    shapes.append(f'<polyline class="curve" points="{line}"/>')
    at = axes.x(peak[0])
    anchor = "end" if at > _WIDTH / 2 else "start"
    shapes.append(
        f'<text x="{at:.1f}" y="{axes.y(peak[1]) - 5:.1f}" text-anchor="{anchor}">{peak[1]:.1f} MiB</text>'
    )
    heading = f'<text x="{_LEFT}" y="16" font-weight="bold">{_escaped(title)}</text>'
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    background = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{_STYLE}</style>'
    return f"{start}{background}{heading}{''.join(shapes)}</svg>"
