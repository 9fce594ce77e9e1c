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

from api.lines import Line, Ref, refs
from api.terms import TermPage
from engine.language.vocabulary import Vocabulary

MOST = 5
"""Nodes in a row or column; where there are more, the last says how many."""

WIDTH, NODE, HIGH, GAP, BAND = 760, 140, 56, 15, 56
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
    title, part = "asked for", "meaning"
    if page.kind == "product":
        addressed = {
            hazard
            for law in page.law
            if law.role == "governs"
            for hazard in vocabulary.regulations[law.id].addresses
        }
        title = "asked for, and hazards" if beside else "hazards its law addresses"
        part = "meaning" if beside else "law"
        beside += refs(vocabulary, addressed)
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
    rows = max(len(_labels(around.left)), len(_labels(around.right)), 1)
    top = (HIGH + BAND) if around.above.nodes else 0
    band = rows * (HIGH + GAP) + GAP
    low = top + 20 + band + BAND
    height = low + HIGH + 2 if around.below.nodes else top + 20 + band
    middle = top + 20 + (band - HIGH) // 2
    cx = WIDTH // 2
    edges: list[str] = []
    nodes: list[str] = []
    for side, y, end in ((around.above, 1, middle), (around.below, low, middle + HIGH)):
        marks = _labels(side)
        left = (WIDTH - len(marks) * (NODE + GAP) + GAP) // 2
        for place, (identifier, label) in enumerate(marks):
            x = left + place * (NODE + GAP)
            edges.append(_edge(x + NODE // 2, y + (HIGH if y < end else 0), cx, end))
            nodes.append(_node(x, y, NODE, identifier, label, _target(identifier, home, address)))
        if marks:
            edge = y + HIGH + 18 if y < end else y - 10
            nodes.append(_caption(8, edge, side.title, "start"))
    for side, x, inner, anchor in (
        (around.left, 1, NODE + 1, "start"),
        (around.right, WIDTH - NODE - 1, WIDTH - NODE - 1, "end"),
    ):
        marks = _labels(side)
        start = top + 20 + (band - len(marks) * (HIGH + GAP) + GAP) // 2
        near = CENTRE if side is around.left else WIDTH - CENTRE
        for place, (identifier, label) in enumerate(marks):
            y = start + place * (HIGH + GAP)
            edges.append(_edge(inner, y + HIGH // 2, near, middle + HIGH // 2))
            nodes.append(_node(x, y, NODE, identifier, label, _target(identifier, home, address)))
        if marks:
            nodes.append(
                _caption(1 if anchor == "start" else WIDTH - 1, start - 8, side.title, anchor)
            )
    nodes.append(
        _node(
            CENTRE,
            middle,
            WIDTH - 2 * CENTRE,
            around.centre.id,
            around.centre.label,
            home,
            own=True,
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-labelledby="map-title map-desc" '
        'font-family="system-ui, sans-serif" font-size="13">'
        f'<title id="map-title">{_text(f"Neighbourhood of {around.centre.label}")}</title>'
        f'<desc id="map-desc">{_text(described(around))}</desc>'
        f'<rect class="paper" width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f"{''.join(edges)}{''.join(nodes)}</svg>"
    )


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


def _target(identifier: str, home: str, address: Callable[[str], str]) -> str:
    return f"{home}{identifier}" if identifier.startswith("#") else address(identifier)


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
    rows = _wrapped(label, _ROW if not own else _ROW + 6)
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
