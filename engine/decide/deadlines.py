"""When a period of days ends: Regulation (EEC, Euratom) No 1182/71, over calendars that are data.

The day of the event is not counted (Article 3(1)); a period ends with the last hour of its last
day (Article 3(2)); working days are all but public holidays and the weekend (Article 2(2)).
Boundary: counts days. What a deadline means for the goods is for `combining`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.language.calendars import Calendar
from engine.language.period import Period

DAY = timedelta(days=1)


class Counted(NamedTuple):
    """The last day of a period; *complete* where the calendar speaks of every day up to it.

    Where it does not, public holidays nobody told us of may move the end, later only.
    """

    end: date
    complete: bool


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether the authority works on *day*, as far as its calendar tells."""
    holidays = {holiday.on for holiday in calendar.holidays}
    return day.weekday() not in calendar.weekend and day not in holidays


def after_working_days(
    event: date, count: int, calendar: Calendar, pauses: Iterable[Period] = ()
) -> Counted:
    """The end of a period of *count* working days from *event*, whose own day is not counted.

    Days in *pauses* (suspensive events) are not counted either. Raises `ValueError` where *count*
    is under one, or a pause has no end.
    """
    stopped = _bounded(count, pauses)
    day, left = event, count
    while left:
        day += DAY
        if is_working_day(day, calendar) and not any(day in pause for pause in stopped):
            left -= 1
    return Counted(day, _covered(event, day, calendar))


def after_days(
    event: date, count: int, calendar: Calendar, pauses: Iterable[Period] = ()
) -> Counted:
    """The end of a period of *count* days, holidays and weekends included (Article 3(3)).

    A last day that is no working day gives way to the next that is one (Article 3(4)), and two
    days or more hold at least two working days (Article 3(5)).
    """
    stopped = _bounded(count, pauses)
    day, left, worked = event, count, 0
    while left > 0 or not is_working_day(day, calendar) or worked < min(count, 2):
        day += DAY
        if not any(day in pause for pause in stopped):
            left -= 1
            worked += is_working_day(day, calendar)
    return Counted(day, _covered(event, day, calendar))


def last_moment(day: date, calendar: Calendar) -> datetime:
    """The end of the last hour of *day* where the authority is: midnight, with its offset."""
    return datetime.combine(day + DAY, time(), ZoneInfo(calendar.time_zone))


def calendar_of(country: str | None, calendars: Mapping[str, Calendar]) -> Calendar | None:
    """The calendar of the country in which action is to be taken, else the institutions', if any.

    No rule with a clock is published without the latter.
    """
    by_country = {calendar.country: calendar for calendar in calendars.values()}
    return by_country.get(country) or by_country.get(None)


def _bounded(count: int, pauses: Iterable[Period]) -> tuple[Period, ...]:
    found = tuple(pauses)
    if count < 1:
        raise ValueError("a period has one day at least")
    if any(pause.end is None for pause in found):
        raise ValueError("a pause without an end leaves the period without one")
    return found


def _covered(event: date, end: date, calendar: Calendar) -> bool:
    return event in calendar.covers and end in calendar.covers
