"""A term's neighbourhood: what stands above, below and beside it, as a picture and as a list.

The picture is SVG made from the same data as the list, so that neither says more than the other.
Its colours are presentation attributes, good on paper and alone; `style.css` overrides them on
pages, where the reader's scheme decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from msgspec import Struct

from api.lines import Line, Ref, ref
from api.words.shown import TermPage
from engine.language.vocabulary import Vocabulary

MOST = 5
"""Nodes in a row or column; where there are more, the last says how many."""

WIDTH, NODE, HIGH, GAP, BAND, CAPTION = 760, 140, 56, 15, 44, 22
CENTRE = (WIDTH - NODE - 40) // 2
_ROW = 19  # letters that fit into a line of a node

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold at all."""


class Side(Struct, frozen=True):
    """Neighbours in one direction. *more* are not shown; *part* is where the page lists all."""

    title: str
    part: str
    nodes: tuple[Ref, ...]
    more: int = 0


class Neighbourhood(Struct, frozen=True):
    """A term and its neighbours in four directions."""

    centre: Ref
    above: Side
    left: Side
    right: Side
    below: Side

    @property
    def sides(self) -> tuple[Side, ...]:
        """Those that have any neighbours."""
        return tuple(s for s in (self.above, self.left, self.right, self.below) if s.nodes)


def neighbourhood(page: TermPage, vocabulary: Vocabulary) -> Neighbourhood | None:
    """The neighbours of a term; None where it has none."""
    beside = list(_asked((*page.means, *page.implies)))
    title, part = ("asked for" if page.means else "implied"), "meaning"
    if page.kind == "product":
        addressed = dict.fromkeys(
            hazard
            for law in page.law
            if law.role == "governs"
            for hazard in vocabulary.regulations[law.id].addresses
        )
        title = f"{title}; hazards" if beside else "hazards of its law"
        part = "meaning" if beside else "law"
        beside += [ref(vocabulary, hazard) for hazard in addressed]
    elif page.definitions and not beside:
        title, part = "named by definitions of", "definitions"
        beside = [Ref(one.id, one.label) for one in page.definitions]
    found = Neighbourhood(
        centre=Ref(page.id, page.label),
        above=_side("is a kind of", "place", (Ref(one.id, one.label) for one in page.above)),
        left=_side(title, part, beside),
        right=_side("law", "law", (Ref(law.id, law.label) for law in page.law)),
        below=_side("kinds of it", "place", (Ref(one.id, one.label) for one in page.below)),
    )
    return found if found.sides else None


def _asked(lines: Iterable[Line]) -> Iterator[Ref]:
    """What a definition asks for beyond the classes that it names: a term, or else its fact."""
    for line in lines:
        yield from _asked(line.parts)
        named = [one for one in line.names if not one.id.startswith("product:")]
        if line.names and line.names[-1] in named:
            yield named[-1]


def _side(title: str, part: str, nodes: Iterable[Ref]) -> Side:
    found = tuple(dict.fromkeys(nodes))
    if len(found) <= MOST:
        return Side(title, part, found)
    return Side(title, part, found[: MOST - 1], len(found) - MOST + 1)


# Drawing


def svg(around: Neighbourhood, address: Callable[[str], str]) -> str:
    """The picture, whole and well-formed; each node leads to the *address* of its id."""
    home = address(around.centre.id)

    def target(identifier: str) -> str:
        return f"{home}{identifier}" if identifier.startswith("#") else address(identifier)

    rows = max(len(_labels(around.left)), len(_labels(around.right)), 1)
    top = CAPTION + HIGH + BAND if around.above.nodes else 0
    band = CAPTION + rows * (HIGH + GAP) + GAP
    low = top + band + BAND
    height = low + HIGH + CAPTION if around.below.nodes else top + band
    y = top + CAPTION + (rows * (HIGH + GAP) - GAP) // 2 - HIGH // 2
    name, width = around.centre, WIDTH - 2 * CENTRE
    drawn = [
        *_row(around.above, CAPTION, y, target),
        *_row(around.below, low, y + HIGH, target),
        *_column(around.left, y + HIGH // 2, target, start=True),
        *_column(around.right, y + HIGH // 2, target, start=False),
        _node(CENTRE, y, width, name.id, name.label, home, own=True),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-labelledby="map-title map-desc" '
        'font-family="system-ui, sans-serif" font-size="13">'
        f'<title id="map-title">{_text(f"Neighbourhood of {name.label}")}</title>'
        f'<desc id="map-desc">{_text(described(around))}</desc>'
        f'<rect class="paper" width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f"{''.join(drawn)}</svg>"
    )


def _row(side: Side, y: int, end: int, target: Callable[[str], str]) -> Iterator[str]:
    """Nodes from *y* on, joined to the middle of the centre's edge at *end*."""
    marks = _labels(side)
    left = (WIDTH - len(marks) * (NODE + GAP) + GAP) // 2
    over = y < end
    for place, (identifier, label) in enumerate(marks):
        x = left + place * (NODE + GAP)
        yield _edge(x + NODE // 2, y + HIGH if over else y, WIDTH // 2, end)
        yield _node(x, y, NODE, identifier, label, target(identifier))
    if marks:
        yield _caption(WIDTH // 2, y - 6 if over else y + HIGH + 15, side.title, "middle")


def _column(side: Side, middle: int, target: Callable[[str], str], *, start: bool) -> Iterator[str]:
    """Nodes at one side, around the height of *middle*, joined to the centre."""
    marks = _labels(side)
    x = 1 if start else WIDTH - NODE - 1
    inner, near = (x + NODE, CENTRE) if start else (x, WIDTH - CENTRE)
    first = middle - (len(marks) * (HIGH + GAP) - GAP) // 2
    for place, (identifier, label) in enumerate(marks):
        y = first + place * (HIGH + GAP)
        yield _edge(inner, y + HIGH // 2, near, middle)
        yield _node(x, y, NODE, identifier, label, target(identifier))
    if marks:
        yield _caption(x + NODE // 2, first - 6, side.title, "middle")


def described(around: Neighbourhood) -> str:
    """The neighbourhood in a sentence or two."""
    parts = []
    for side in around.sides:
        more = f" and {side.more} more" if side.more else ""
        parts.append(f"{side.title}: {', '.join(node.label for node in side.nodes)}{more}.")
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def _labels(side: Side) -> list[tuple[str, str]]:
    found = [(node.id, node.label) for node in side.nodes]
    if side.more:
        found.append((f"#{side.part}", f"and {side.more} more"))
    return found


def _edge(x1: int, y1: int, x2: int, y2: int) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#6b7884"/>'


def _caption(x: int, y: int, text: str, anchor: str) -> str:
    return (
        f'<text class="caption" x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" '
        f'fill="#4b5967">{_text(text)}</text>'
    )


def _node(
    x: int, y: int, width: int, identifier: str, label: str, href: str, *, own: bool = False
) -> str:
    kind = "" if identifier.startswith("#") else identifier.partition(":")[0]
    rows = _wrapped(label, _ROW if not own else _ROW + 2)
    size = (1 if kind else 0) + len(rows)
    first = y + HIGH // 2 - (size - 1) * 8 + 4
    lines = [
        f'<text class="kind" x="{x + width // 2}" y="{first}" text-anchor="middle" '
        f'font-size="11" fill="#4b5967">{_text(kind)}</text>'
    ][: 1 if kind else 0]
    for place, row in enumerate(rows, start=len(lines)):
        lines.append(
            f'<text x="{x + width // 2}" y="{first + place * 16}" text-anchor="middle" '
            f'fill="#16202a" font-weight="{700 if own else 400}">{_text(row)}</text>'
        )
    look = 'class="own" fill="#dcebf8" stroke="#0b4f8a" stroke-width="2"'
    plain = 'fill="#eef2f6" stroke="#6b7884"'
    return (
        f'<a href="{_text(href)}"><title>{_text(label)}</title>'
        f'<rect x="{x}" y="{y}" width="{width}" height="{HIGH}" rx="6" '
        f"{look if own else plain}/>{''.join(lines)}</a>"
    )


def _wrapped(label: str, most: int) -> list[str]:
    """The label in at most two lines; what does not fit ends in an ellipsis."""
    words, rows = label.split(), [""]
    for word in words:
        longer = f"{rows[-1]} {word}".strip()
        if len(longer) <= most or not rows[-1]:
            rows[-1] = longer
        else:
            rows.append(word)
    if len(rows) > 2:
        rows = [rows[0], f"{rows[1]}…"]
    return [row if len(row) <= most + 1 else f"{row[: most - 1]}…" for row in rows]


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
