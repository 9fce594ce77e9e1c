"""Periods of days: Regulation (EEC, Euratom) No 1182/71, by hand and by what must always hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.deadlines import (
    Counted,
    after_days,
    after_working_days,
    calendar_of,
    is_working_day,
    last_moment,
)
from engine.language.base import read_base, read_text
from engine.language.calendars import Calendar, Holiday
from engine.language.diagnostics import RefusedError
from engine.language.period import Period
from engine.language.vocabulary import Basis, Vocabulary
from engine.release import Release
from tests.language_sample import checked

ROOT = Path(__file__).resolve().parent.parent
BASIS = Basis(cite="Test Act", gist="A test.", status="illustrative", checked=date(2026, 11, 25))
DAY = timedelta(days=1)


def calendar(*holidays: date, weekend: tuple[int, ...] = (5, 6)) -> Calendar:
    return Calendar(
        id="calendars/test",
        title="a test",
        country="BE",
        time_zone="Europe/Brussels",
        covers=Period(start=date(2026, 1, 1), end=date(2028, 1, 1)),
        weekend=weekend,
        holidays=tuple(Holiday(day, "a holiday") for day in sorted(set(holidays))),
        basis=BASIS,
    )


days = st.dates(date(2026, 1, 1), date(2027, 6, 30))
counts = st.integers(1, 40)
holidays = st.lists(days, max_size=40)
Counter = Callable[[date, int, Calendar], Counted]
counters = st.sampled_from([after_working_days, after_days])


# By hand


@pytest.mark.parametrize(
    ("name", "event", "end"),
    [
        # Good Friday is a working day in Belgium; Easter Monday, 6 April, is not.
        ("belgium", date(2026, 4, 2), date(2026, 4, 9)),
        ("france", date(2026, 4, 2), date(2026, 4, 9)),
        # The institutions rest on Good Friday too.
        ("union", date(2026, 4, 2), date(2026, 4, 10)),
        # Monday to Friday: the day of the event is not counted.
        ("belgium", date(2026, 11, 23), date(2026, 11, 27)),
        # Armistice Day, a Wednesday.
        ("belgium", date(2026, 11, 9), date(2026, 11, 16)),
        # Victory Day is a holiday in France, not in Belgium; 2026: a Friday.
        ("france", date(2026, 5, 4), date(2026, 5, 11)),
        ("belgium", date(2026, 5, 4), date(2026, 5, 8)),
        # An event on a Saturday.
        ("belgium", date(2026, 11, 28), date(2026, 12, 3)),
        # The institutions rest from 24 to 31 December, on 1 January and at the weekend.
        ("union", date(2026, 12, 22), date(2027, 1, 6)),
    ],
)
def test_four_working_days_by_the_shipped_calendars(
    release: Release, name: str, event: date, end: date
) -> None:
    shipped = release.base.calendars[f"calendars/{name}"]
    assert after_working_days(event, 4, shipped) == (end, True)


def test_a_period_of_days_counts_holidays_and_ends_on_a_working_day(release: Release) -> None:
    belgium = release.base.calendars["calendars/belgium"]
    assert after_days(date(2026, 11, 23), 3, belgium).end == date(2026, 11, 26)
    # Three days from Thursday end on a Sunday: Monday stands in (Article 3(4)).
    assert after_days(date(2026, 11, 26), 3, belgium).end == date(2026, 11, 30)
    # Two days from the Friday before Easter hold two working days (Article 3(5)).
    assert after_days(date(2026, 4, 3), 2, belgium).end == date(2026, 4, 8)


def test_the_last_hour_of_the_last_day_is_that_of_the_authority(release: Release) -> None:
    belgium = release.base.calendars["calendars/belgium"]
    assert last_moment(date(2026, 11, 27), belgium).isoformat() == "2026-11-28T00:00:00+01:00"
    assert last_moment(date(2026, 7, 14), belgium).isoformat() == "2026-07-15T00:00:00+02:00"


def test_a_pause_stops_the_count() -> None:
    pause = Period(start=date(2026, 11, 24), end=date(2026, 11, 26))
    assert after_working_days(date(2026, 11, 23), 4, calendar(), [pause]).end == date(2026, 12, 1)


def test_a_pause_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="without an end"):
        after_working_days(date(2026, 11, 23), 4, calendar(), [Period(start=date(2026, 11, 24))])


def test_a_period_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="one day at least"):
        after_working_days(date(2026, 11, 23), 0, calendar())


def test_an_end_outside_the_calendar_is_said_to_be_uncertain(release: Release) -> None:
    belgium = release.base.calendars["calendars/belgium"]
    assert not after_working_days(date(2027, 12, 30), 4, belgium).complete


def test_a_country_without_a_calendar_takes_that_of_the_institutions(release: Release) -> None:
    calendars = release.base.calendars
    assert calendar_of("FR", calendars) == calendars["calendars/france"]
    assert calendar_of("PT", calendars) == calendars["calendars/union"]
    assert calendar_of(None, calendars) == calendars["calendars/union"]


def test_every_calendar_says_how_sure_it_is(release: Release) -> None:
    statuses = {one.basis.status for one in release.base.calendars.values()}
    assert len(release.base.calendars) == 3
    assert statuses <= {"illustrative", "to-confirm"}


# What always holds


@given(counters, days, counts, holidays)
def test_the_end_is_a_working_day_after_the_event(
    counter: Counter, event: date, count: int, resting: list[date]
) -> None:
    kept = calendar(*resting)
    end = counter(event, count, kept).end
    assert end > event
    assert is_working_day(end, kept)


@given(counters, days, counts, holidays, holidays)
def test_more_holidays_never_make_it_earlier(
    counter: Counter, event: date, count: int, resting: list[date], more: list[date]
) -> None:
    fewer, greater = calendar(*resting), calendar(*resting, *more)
    assert counter(event, count, greater).end >= counter(event, count, fewer).end


@given(counters, days, counts, holidays)
def test_a_longer_period_never_ends_earlier(
    counter: Counter, event: date, count: int, resting: list[date]
) -> None:
    kept = calendar(*resting)
    assert counter(event, count + 1, kept).end >= counter(event, count, kept).end


@given(counters, days, counts, holidays)
def test_a_later_event_never_ends_earlier(
    counter: Counter, event: date, count: int, resting: list[date]
) -> None:
    kept = calendar(*resting)
    assert counter(event + DAY, count, kept).end >= counter(event, count, kept).end


@given(days, counts, holidays)
def test_exactly_as_many_working_days_lie_behind_the_event(
    event: date, count: int, resting: list[date]
) -> None:
    kept = calendar(*resting)
    end = after_working_days(event, count, kept).end
    between = [event + DAY * n for n in range(1, (end - event).days + 1)]
    assert sum(is_working_day(day, kept) for day in between) == count


# Calendars and clocks as files


CALENDAR = (ROOT / "rules" / "calendars" / "belgium.toml").read_text("utf-8")


def codes(folder: Path, vocabulary: Vocabulary, **files: str) -> set[str]:
    """The codes for which a rule base with these calendars is refused."""
    shutil.copytree(ROOT / "rules" / "harmonised", folder / "rules" / "harmonised")
    (folder / "rules" / "calendars").mkdir()
    for name, text in files.items():
        (folder / "rules" / "calendars" / f"{name}.toml").write_text(text, "utf-8")
    try:
        read_base(folder / "rules", vocabulary)
    except RefusedError as error:
        return {one.code for one in error.diagnostics}
    return set()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"BE"', '"QX"', "unknown-country"),
        ("Europe/Brussels", "Europe/Nowhere", "unknown-time-zone"),
        ('"sunday"', '"someday"', "unknown-word"),
        ("on = 2026-05-01", "on = 2029-05-01", "not-covered"),
        ("on = 2026-05-01", "on = 2026-01-01", "twice"),
        ("title ", "titel ", "unknown-key"),
        ("on = 2026-05-01", 'on = "the first of May"', "wrong-type"),
        ('status = "to-confirm"', 'status = "sure"', "unknown-word"),
    ],
)
def test_a_calendar_with_a_fault_is_refused(
    tmp_path: Path, vocabulary: Vocabulary, old: str, new: str, code: str
) -> None:
    assert old in CALENDAR
    assert code in codes(tmp_path, vocabulary, belgium=CALENDAR.replace(old, new, 1))


def test_a_second_calendar_of_a_country_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert codes(tmp_path, vocabulary, one=CALENDAR, two=CALENDAR) == {"twice"}


def test_the_shipped_calendar_is_read(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert codes(tmp_path, vocabulary, belgium=CALENDAR) == set()


SUSPENDS = (ROOT / "rules" / "products" / "suspension" / "marking-false.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("working_days = 4", "working_days = 0", "wrong-days"),
        ("working_days = 4", "working_days = 2.5", "wrong-days"),
        # A trader starts and stops no clock.
        ('from = "control.suspendedOn"', 'from = "goods.description"', "wrong-fact"),
        (
            'stopped_by = "authority.maintainSuspension"',
            'stopped_by = "goods.ceMarked"',
            "wrong-fact",
        ),
        ('country = "authority.country"', 'country = "goods.origin"', "wrong-fact"),
        ("expiry = ", "expires = ", "unknown-key"),
    ],
)
def test_a_clock_with_a_fault_is_refused(
    vocabulary: Vocabulary, old: str, new: str, code: str
) -> None:
    assert old in SUSPENDS
    with pytest.raises(RefusedError) as error:
        read_text(SUSPENDS.replace(old, new, 1).encode(), "products/x", vocabulary, {})
    assert code in {one.code for one in error.value.diagnostics}


def test_only_a_status_waits(vocabulary: Vocabulary) -> None:
    control = '[ { task = "control:Documentary", rate = 1 } ]'
    text = SUSPENDS.replace('status   = "status:Hold"', f"control = {control}")
    with pytest.raises(RefusedError) as error:
        read_text(text.encode(), "products/x", vocabulary, {})
    assert {one.code for one in error.value.diagnostics} == {"misplaced-key"}


def test_two_calendars_are_never_of_one_country(release: Release) -> None:
    countries = [one.country for one in release.base.calendars.values()]
    assert len(set(countries)) == len(countries)


def test_calendars_are_part_of_what_a_release_digests(release: Release) -> None:
    bare = msgspec.structs.replace(
        release, base=msgspec.structs.replace(release.base, calendars={})
    )
    assert bare.ref.digest != release.ref.digest


def test_a_clock_without_a_calendar_for_every_country_is_refused(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rules = tmp_path / "rules"
    for folder in ("harmonised", "calendars", "products/suspension"):
        shutil.copytree(ROOT / "rules" / folder, rules / folder)
    (rules / "calendars" / "union.toml").unlink()
    found = checked(rules, vocabulary, code="no-calendar")
    held = (rules / "products" / "suspension").glob("*.toml")
    assert {diagnostic.file for diagnostic in found} == {
        f"rules/products/suspension/{path.name}" for path in held
    }
