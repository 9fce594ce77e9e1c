"""The picture of how declarations shift between channels: bars now and then, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup, escape

from api.service.authoring.effect import Effect
from api.words.spoken import spoken

CHANNELS = ("green", "blue", "yellow", "red")
WIDTH, BAR, GAP, LABEL = 640, 18, 14, 110


def shifts(effect: Effect, said: Callable[[str], str]) -> Markup:
    """An SVG with two bars a channel; the table beside it says the same in numbers.

    *said* puts words into the reader's language.
    """
    before, after = Counter[str](), Counter[str]()
    for one in effect.shifts:
        before[one.before] += one.count
        after[one.after] += one.count
    most = max([*before.values(), *after.values(), 1])
    room = WIDTH - LABEL - 60
    names = {channel: said(f"{channel} channel") for channel in CHANNELS}
    lines, y = [], GAP
    for channel in CHANNELS:
        lines.append(f'<text x="0" y="{y + BAR + 5}">{escape(names[channel])}</text>')
        for offset, (name, count) in enumerate(
            (("now", before[channel]), ("then", after[channel]))
        ):
            top, length = y + offset * (BAR + 2), round(room * count / most)
            lines.append(
                f'<rect class="{name} channel-{channel}" x="{LABEL}" y="{top}" '
                f'width="{max(length, 1)}" height="{BAR}"/>'
                f'<text class="count" x="{LABEL + length + 6}" y="{top + BAR - 4}">{count}</text>'
            )
        y += 2 * BAR + 2 + GAP
    phrase = said(spoken("%(channel)s: %(before)d in force, %(after)d by the draft"))
    words = "; ".join(
        phrase % {"channel": names[c], "before": before[c], "after": after[c]} for c in CHANNELS
    )
    return Markup(
        f'<svg class="shifts" viewBox="0 0 {WIDTH} {y}" role="img" dir="ltr" '
        f'aria-label="{escape(words)}">{"".join(lines)}</svg>'
    )
