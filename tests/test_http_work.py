"""Long work on a page: what came of it is told, and nothing goes on that nobody waits for."""

from __future__ import annotations

import time
from threading import Event, active_count

import pytest

from api.http.work import Outcome, worked
from engine.release import Progress
from tests.http_sample import Door, Doors


@pytest.fixture(scope="module")
def door(doors: Doors) -> Door:
    return doors(edits=True)


def test_progress_and_outcome_are_told(door: Door) -> None:
    def work(progress: Progress) -> Outcome:
        for done in range(0, 101, 50):
            progress("reading", done, 100)
        return "Done <b>.", "/there"

    with door.app.test_request_context("/editor/"):
        read = worked("Building", work, str).get_data(as_text=True)
    assert "<li>reading: 0 %</li>\n<li>reading: 50 %</li>\n<li>reading: 100 %</li>" in read
    assert '<strong>Done &lt;b&gt;.</strong> <a href="/there">' in read
    assert read.rstrip().endswith("</html>")


def test_what_stopped_it_is_told(door: Door) -> None:
    def work(_: Progress) -> Outcome:
        raise ValueError("no more")

    with door.app.test_request_context("/editor/"):
        read = worked("Building", work, lambda error: f"<p>{error}</p>").get_data(as_text=True)
    assert '<section class="problem" role="alert"><p>no more</p></section>' in read
    assert read.rstrip().endswith("</html>")


def test_work_ends_at_its_next_step_where_nobody_listens(door: Door) -> None:
    ended, before = Event(), active_count()

    def work(progress: Progress) -> Outcome:
        try:
            while True:
                progress("reading", 1, 2)
                time.sleep(0.01)
        finally:
            ended.set()

    with door.app.test_request_context("/editor/"):
        answer = worked("Building", work, str)
        lines = iter(answer.response)
        assert [next(lines), next(lines)]
        answer.close()
        assert ended.wait(5)
    limit = time.monotonic() + 5
    while active_count() > before and time.monotonic() < limit:
        time.sleep(0.01)
    assert active_count() == before
