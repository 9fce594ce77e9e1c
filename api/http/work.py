"""Long work on a page that grows while it is done: progress line by line, then what came of it.

No script is needed, and no worker need remember it: the answer itself is the work. Where nobody
listens any more, it ends at its next step; what it had not done by then is not done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import Any

from flask import Response, copy_current_request_context, render_template, stream_with_context
from markupsafe import escape

from api.http.access import counted_by
from api.http.languages import english, gettext
from api.http.places import held
from engine.release import Progress

Outcome = tuple[str, str]
"""The words of what came of it, and where to go on."""

_END = "<!-- here the work is told -->"


class _LeftError(Exception):
    """Nobody listens any more."""


def worked(
    title: str, work: Callable[[Progress], Outcome], told: Callable[[Exception], str]
) -> Response:
    """A page that does *work* and shows how far it is; *told* makes words of what stopped it.

    It holds a place of who asks. Raises `TooManyRequests`: there is none.
    """
    head, tail = render_template("work.html", title=title, end=_END).split(_END)
    said: Queue[tuple[str, Any]] = Queue()
    left = Event()

    def progress(step: str, done: int, total: int) -> None:
        if left.is_set():
            raise _LeftError
        said.put(("step", (step, done, total)))

    @copy_current_request_context
    def run() -> None:
        try:
            said.put(("done", work(progress)))
        except _LeftError:
            pass
        except Exception as error:  # told to whoever waits; what is no refusal is logged too
            said.put(("failed", error))

    def answer() -> Iterator[str]:
        yield head
        # A worker that is to end waits for nobody: what is kept is kept whole, or not at all.
        Thread(target=run, daemon=True).start()
        shown = ""
        while (one := said.get())[0] == "step":
            step, done, total = one[1]
            line = f"{step}: {done * 10 // max(total, 1) * 10} %" if total > 1 else step
            if line != shown:
                yield f"<li>{english(line)}</li>\n"
                shown = line
        kind, value = one
        yield "</ul>\n"
        if kind == "done":
            words, where = value
            yield (
                f'<p class="done" role="status"><strong>{escape(words)}</strong> '
                f'<a href="{escape(where)}">{escape(gettext("Go on"))}</a></p>\n'
            )
        else:
            yield f'<section class="problem" role="alert">{told(value)}</section>\n'
        yield tail

    place = held(counted_by())
    response = Response(stream_with_context(answer()), mimetype="text/html")
    response.call_on_close(left.set)
    response.call_on_close(place.leave)
    return response
