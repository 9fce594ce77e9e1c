"""The language of pages: which there are, which one a reader wants, and words that lack one.

English is the source. Every folder of `api/translations` is a language; its catalogue is read when
first wanted, so that nothing need be compiled. A word that it lacks is shown in English between
marks, so that whoever translates sees it. Law, rules and the words of the ontology stay in the
language in which they were written, and pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, request, url_for
from markupsafe import Markup, escape
from msgspec import Struct

from api.http.access import outside
from api.words import saying

COOKIE, PARAMETER = "language", "lang"
SOURCE = "en"
YEAR = 365 * 24 * 3600
MISSING = "⟦%s⟧"
FOLDER = Path(__file__).parents[1] / "translations"

_CODE = re.compile(r"`([^`]+)`")


class Language(Struct, frozen=True):
    """A language by its tag, its own name, and the direction in which it is written."""

    tag: str
    name: str
    direction: str


class _Marking(NullTranslations):
    """What is said where a catalogue lacks a word. No tags: it may stand in an attribute."""

    def gettext(self, message: str) -> str:
        return MISSING % message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return MISSING % super().ngettext(msgid1, msgid2, n)


def catalogue_file(tag: str) -> Path:
    """Where the words of a language stand."""
    return FOLDER / tag / "LC_MESSAGES" / "messages.po"


def _language(tag: str) -> Language:
    locale = Locale.parse(tag)
    name = locale.get_display_name() or tag
    return Language(tag, name[:1].upper() + name[1:], locale.text_direction)


_OTHERS = sorted(file.parents[1].name for file in FOLDER.glob("*/LC_MESSAGES/messages.po"))
LANGUAGES: Mapping[str, Language] = {tag: _language(tag) for tag in (SOURCE, *_OTHERS)}
"""The languages that can be chosen, by tag: the source, and each that has a catalogue."""


@cache
def catalogue(tag: str) -> NullTranslations:
    """The words of a language, by the English ones."""
    if tag == SOURCE:
        return NullTranslations()
    with catalogue_file(tag).open("rb") as file:
        source = read_po(file, locale=tag)
    compiled = BytesIO()
    write_mo(compiled, source)
    compiled.seek(0)
    found = GNUTranslations(compiled)
    found.add_fallback(_Marking())
    return found


def speak(app: Flask) -> None:
    """Let the pages of *app* speak the reader's language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.globals.update(day=day, told=told, as_english=as_english, in_language=in_language)
    app.jinja_env.filters.update(english=english, coded=coded)

    @app.context_processor
    def language() -> dict[str, Any]:
        return {"language": chosen(), "languages": LANGUAGES.values()}

    @app.after_request
    def remember(response: Response) -> Response:
        if response.mimetype == "text/html":
            if request.args.get(PARAMETER) in LANGUAGES:
                response.set_cookie(
                    COOKIE,
                    chosen().tag,
                    max_age=YEAR,
                    secure=outside(),
                    httponly=True,
                    samesite="Strict",
                )
            response.headers["Content-Language"] = chosen().tag
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def chosen() -> Language:
    """The language that is asked for, or was chosen before, or that the browser prefers."""
    found: Language | None = g.get("language")
    if found is None:
        said = (request.args.get(PARAMETER, ""), request.cookies.get(COOKIE, ""))
        wanted = (*said, *_preferred(), SOURCE)
        found = g.language = next(LANGUAGES[tag] for tag in wanted if tag in LANGUAGES)
    return found


def _preferred() -> Iterator[str]:
    """The languages that the browser prefers, without their countries, the best first."""
    for tag, quality in request.accept_languages:
        if quality > 0:
            yield tag.partition("-")[0].lower()


def gettext(text: str) -> str:
    """*text* in the reader's language, marked where there is no word for it."""
    return catalogue(chosen().tag).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of *count* in the reader's language, marked where there is none."""
    return catalogue(chosen().tag).ngettext(one, many, count)


def day(value: date) -> str:
    """``23 November 2026``, as the reader writes it."""
    tag = chosen().tag
    return saying.day(value) if tag == SOURCE else format_date(value, "d MMMM y", locale=tag)


def english(text: object) -> Markup:
    """What stays in English, said to be so on a page in another language."""
    if chosen().tag == SOURCE:
        return escape(text)
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(text)


def as_english() -> Markup:
    """The attributes of an element whose text stays in English."""
    return Markup("") if chosen().tag == SOURCE else Markup(' lang="en" dir="ltr"')


def coded(text: str) -> Markup:
    """*text* with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def told(text: str, *, capital: bool = False) -> Markup:
    """A message, translated where it is among the `spoken` ones; others stay in English."""
    said = gettext(text)
    known = said != MISSING % text
    shown = said if known else text
    if capital:
        shown = shown[:1].upper() + shown[1:]
    return coded(shown) if known else english(coded(shown))


def in_language(tag: str) -> str:
    """The page that is read, in another language; the first page, where this is no page to get.

    It names no host and no path, whatever the address of this page says.
    """
    adapter = current_app.create_url_adapter(request)
    if request.method != "GET" and adapter is not None and not adapter.test(method="GET"):
        return url_for("pages.index", lang=tag)
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]
    return f"?{urlencode([*kept, (PARAMETER, tag)])}"
