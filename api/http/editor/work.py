"""Long work on a page that grows while it is done: progress line by line, then what came of it.

No script is needed, and no worker need remember it: the answer itself is the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Queue
from threading import Thread
from typing import Any

import structlog
from flask import Response, copy_current_request_context, render_template, stream_with_context
from markupsafe import escape

from api.http.languages import english, gettext
from engine.release import Progress

Outcome = tuple[str, str]
"""The words of what came of it, and where to go on."""

_END = "<!-- here the work is told -->"


def worked(
    title: str, work: Callable[[Progress], Outcome], told: Callable[[Exception], str]
) -> Response:
    """A page that does *work* and shows how far it is; *told* makes words of what stopped it."""
    head, tail = render_template("editor/work.html", title=title, end=_END).split(_END)
    said: Queue[tuple[str, Any]] = Queue()

    def progress(step: str, done: int, total: int) -> None:
        said.put(("step", (step, done, total)))

    @copy_current_request_context
    def run() -> None:
        try:
            said.put(("done", work(progress)))
        except Exception as error:  # told to whoever waits; what is no refusal is logged too
            said.put(("failed", error))

    def answer() -> Iterator[str]:
        yield head
        thread = Thread(target=run)
        thread.start()
        shown = ""
        while True:
            kind, value = said.get()
            if kind == "step":
                step, done, total = value
                line = f"{step}: {done * 10 // max(total, 1) * 10} %" if total > 1 else step
                if line != shown:
                    yield f"<li>{english(line)}</li>\n"
                    shown = line
                continue
            break
        thread.join()
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

    return Response(stream_with_context(answer()), mimetype="text/html")


def unexpected(error: Exception) -> str:
    """What is told of an error that nobody foresaw."""
    structlog.get_logger("commensura").exception("unexpected error", exc_info=error)
    return f"<p>{escape(gettext('An unexpected error; it was logged.'))}</p>"
