"""The language of pages: which there are, which one a reader wants, and words that lack one.

English is the source. A word that a catalogue lacks is shown in English between marks, so that
whoever translates sees it; law and rules stay in the language in which they were written.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel, get_translations
from msgspec import Struct

COOKIE, PARAMETER = "language", "lang"
YEAR = 365 * 24 * 3600
MISSING = "⟦%s⟧"


class Language(Struct, frozen=True):
    """A language by its tag, its own name, and the direction in which it is written."""

    tag: str
    name: str
    direction: str = "ltr"


LANGUAGES = {
    one.tag: one
    for one in (
        Language("en", "English"),
        Language("fr", "Français"),
        Language("ar", "العربية", "rtl"),
    )
}


def speak(app: Flask) -> None:
    """Let the pages of *app* speak the reader's language."""
    Babel(app, locale_selector=lambda: chosen().tag, default_translation_directories=_folder(app))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        _said, _counted, newstyle=True
    )

    @app.context_processor
    def language() -> dict[str, Any]:
        return {"language": chosen(), "languages": LANGUAGES.values(), "in_language": _here}

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get(PARAMETER) in LANGUAGES:
            response.set_cookie(
                COOKIE, chosen().tag, max_age=YEAR, samesite="Strict", httponly=True
            )
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = chosen().tag
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def chosen() -> Language:
    """The language that was asked for, or chosen before, or that the browser prefers."""
    found: Language | None = g.get("language")
    if found is None:
        asked = request.args.get(PARAMETER) or request.cookies.get(COOKIE)
        best = request.accept_languages.best_match(LANGUAGES, "en")
        found = g.language = LANGUAGES[asked if asked in LANGUAGES else best]
    return found


def _folder(app: Flask) -> str:
    return f"{app.root_path}/translations"


def _said(text: str) -> str:
    """*text* in the reader's language, marked where there is no word for it."""
    if chosen().tag == "en":
        return text
    said: str = get_translations().gettext(text)
    return _marked(text) if said == text and text not in _SAME else said


def _counted(one: str, many: str, count: int) -> str:
    if chosen().tag == "en":
        return one if count == 1 else many
    said: str = get_translations().ngettext(one, many, count)
    return _marked(said) if said in (one, many) else said


def _marked(text: str) -> str:
    return MISSING % text  # without tags, as it may stand in an attribute


_SAME = frozenset({"Commensura", "TOML", "CSV", "XLSX", "Action", "Date", "Agencies"})
"""Words that some language spells as English does."""


def _here(tag: str) -> str:
    """The page that is read, in another language."""
    query = {**request.args.to_dict(), PARAMETER: tag}
    return f"{request.path}?" + "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in query.items())


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
