"""Calendars of an authority, and the clock that law sets a hold: data that rules carry.

How days are counted by them is for `decide.deadlines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from engine.language.layout import Steps
from engine.language.period import Period
from engine.language.reader import Reader
from engine.language.rules import taken_basis
from engine.language.vocabulary import Basis

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Holiday(Struct, frozen=True):
    """One public holiday."""

    on: date
    name: str


class Calendar(Struct, frozen=True, kw_only=True):
    """The days on which an authority does not work (Regulation (EEC, Euratom) No 1182/71).

    *country* is the one in which action is to be taken; None for the institutions of the Union,
    whose calendar stands in where a country has none. *weekend* counts from Monday, 0. Outside
    *covers* nobody has said which days are public holidays.
    """

    id: str
    title: str
    country: str | None
    time_zone: str
    covers: Period
    weekend: tuple[int, ...]
    holidays: tuple[Holiday, ...]
    basis: Basis


def read_calendar(reader: Reader, content: dict[str, Any], identifier: str) -> Calendar | None:
    """Read the calendar *identifier*; None where `reader.found` grew."""
    before = len(reader.found)
    keys = ("title", "country", "time_zone", "covers", "weekend", "basis", "holiday")
    reader.close(content, keys, ())
    title = reader.take(content, "title", (), str)
    country = reader.take(content, "country", (), str, required=False)
    if country is not None and country not in reader.vocabulary.countries:
        reader.complain("unknown-country", f"unknown country `{country}`", ("country",))
    zone = reader.take(content, "time_zone", (), str)
    if zone is not None and not _is_zone(zone):
        reader.complain(
            "unknown-time-zone",
            f"unknown time zone `{zone}`",
            ("time_zone",),
            "write it as `Europe/Brussels`",
        )
    covers = reader.period(reader.take(content, "covers", (), dict) or {}, ("covers",))
    weekend = _weekend(reader, content)
    holidays = _holidays(reader, content, covers)
    basis = taken_basis(reader, content, ())
    if len(reader.found) > before or title is None or zone is None or basis is None:
        return None
    return Calendar(
        id=identifier,
        title=title,
        country=country,
        time_zone=zone,
        covers=covers,
        weekend=weekend,
        holidays=holidays,
        basis=basis,
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _weekend(reader: Reader, content: dict[str, Any]) -> tuple[int, ...]:
    words = reader.take(content, "weekend", (), list) or []
    for index, word in enumerate(words):
        if word not in WEEK:
            reader.complain("unknown-word", f"`{word}` is no day of the week", ("weekend", index))
    if set(words) >= set(WEEK):
        reader.complain("empty", "no day of the week is left to work on", ("weekend",))
    return tuple(sorted({WEEK.index(word) for word in words if word in WEEK}))


def _holidays(reader: Reader, content: dict[str, Any], covers: Period) -> tuple[Holiday, ...]:
    found: dict[date, Holiday] = {}
    for index, item in enumerate(reader.take(content, "holiday", (), list) or []):
        path: Steps = ("holiday", index)
        table = reader.typed(item, path, dict)
        if table is None:
            continue
        reader.close(table, ("on", "name"), path)
        day, name = reader.take(table, "on", path, date), reader.take(table, "name", path, str)
        if day is None or name is None:
            continue
        if day in found:
            reader.complain("twice", f"{day} stands here twice", path)
        if day not in covers:
            reader.complain("not-covered", f"{day} is outside `covers`", path)
        found[day] = Holiday(day, name)
    return tuple(found[day] for day in sorted(found))


def check_calendars(calendars: Sequence[tuple[Reader, Calendar]]) -> None:
    """One calendar a country: two would count the same days twice over."""
    first: dict[str | None, Calendar] = {}
    for reader, calendar in calendars:
        former = first.setdefault(calendar.country, calendar)
        if former is not calendar:
            whose = calendar.country or "the institutions"
            reader.complain(
                "twice",
                f"`{former.id}` is a calendar of {whose} already",
                ("country",) if calendar.country else (),
                "put the days of both into one file",
            )
