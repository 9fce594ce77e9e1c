"""Signing in, and who may, in a real browser: axe, keyboard, no script, narrow screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.http.oidc import Oidc
from api.service.people import Duty
from tests.chromium import NEEDS_CHROMIUM, WIDE, barriers, follow, sideways
from tests.http_sample import NOW, Door, Doors
from tests.loopback import listening
from tests.oidc_provider import CLIENT, SECRET, Provider, provided
from tests.people_sample import PASSWORD, accounts, person
from tests.test_browser_pages import VIEWS, focused

OTHER = "another cart, another quay"
pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provided() as found:
        found.clock = NOW.timestamp
        yield found


@pytest.fixture(scope="module")
def door(doors: Doors, provider: Provider) -> Door:
    door = doors(oidc=Oidc(issuer=provider.base, client=CLIENT, secret=SECRET))
    person(door, "boss", Duty.ADMINISTRATOR, Duty.AUTHOR)
    person(door, "ada", Duty.AUTHOR, subject="s-1")
    person(door, "late")
    accounts(door).disable("late")
    return door


@pytest.fixture(scope="module")
def url(door: Door) -> Iterator[str]:
    with listening(door.app) as found:
        yield found


@contextmanager
def opened(
    browser: Browser,
    url: str,
    name: str | None = "boss",
    width: int = WIDE,
    **more: Any,
) -> Iterator[Page]:
    """A page of a browser of its own, signed in by name and password."""
    found: BrowserContext = browser.new_context(
        base_url=url, viewport={"width": width, "height": 800}, **more
    )
    page = found.new_page()
    if name is not None:
        sign_in(page, name)
    yield page
    found.close()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name to sign in with").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    follow(page.get_by_role("button", name="Sign in"))


def refused_sign_in(page: Page) -> None:
    sign_in(page, "ada", "wrong")


def refused_addition(page: Page) -> None:
    page.goto("/people")
    page.get_by_label("Name that others read").fill("Ada")
    page.get_by_label("Name to sign in with").fill("ada")
    follow(page.get_by_role("button", name="Add"))


def told_password(page: Page) -> None:
    page.goto("/people/ada")
    follow(page.get_by_role("button", name="Make a one-time password"))


def refused_end(page: Page) -> None:
    page.goto("/people/ada")
    follow(page.get_by_role("button", name="Disable"))


WAYS = [refused_sign_in, refused_addition, told_password, refused_end]
PAGES = ["/sign-in", "/password", "/people", "/people/ada", "/people/boss", "/people/late", "/try"]


def kinds(page: Page) -> Iterator[str]:
    """One page of every kind, and the ways through a form; the page is there."""
    for path in PAGES:
        page.goto(path)
        yield path
    for way in WAYS:
        if way is refused_sign_in:
            continue
        way(page)
        yield way.__name__
    refused_sign_in(page)
    yield refused_sign_in.__name__


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_no_barrier(
    browser: Browser,
    url: str,
    scheme: str,
    width: int,
) -> None:
    found = []
    with opened(browser, url, width=width, color_scheme=scheme) as page:
        for kind in kinds(page):
            found += [f"{kind}: {barrier}" for barrier in barriers(page)]
            if sideways(page):
                found.append(f"{kind}: sideways")
    assert not found


def test_a_person_is_added_signs_in_and_chooses_a_password_without_script(
    browser: Browser,
    url: str,
) -> None:
    with opened(browser, url, java_script_enabled=False) as page:
        page.get_by_role("link", name="People").click()
        page.get_by_label("Name that others read").fill("Benedicta <b>")
        page.get_by_label("Name to sign in with").fill("benedicta")
        page.get_by_label("approver", exact=True).check()
        page.get_by_role("button", name="Add").click()
        password = page.locator("code.password").inner_text()
        page.get_by_role("button", name="Sign out").click()
        sign_in(page, "benedicta", password)
        expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
        page.get_by_label("Present password").fill(password)
        page.get_by_label("New password", exact=True).fill(OTHER)
        page.get_by_label("New password again").fill(OTHER)
        page.get_by_role("button", name="Choose it").click()
        expect(page.get_by_text("Benedicta <b> of customs")).to_be_visible()


def test_a_person_signs_in_by_keyboard_alone(
    browser: Browser,
    url: str,
) -> None:
    with opened(browser, url, None) as page:
        page.goto("/sign-in#name")
        page.keyboard.press("Tab")
        while focused(page) != "name":
            page.keyboard.press("Tab")
        page.keyboard.type("boss")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        expect(page.get_by_text("Boss of customs")).to_be_visible()


def test_a_refusal_puts_the_focus_on_the_field_and_says_why_there(
    browser: Browser,
    url: str,
) -> None:
    with opened(browser, url) as page:
        refused_addition(page)
        field = page.get_by_label("Name to sign in with")
        expect(field).to_be_focused()
        expect(field).to_have_value("ada")
        expect(field).to_have_accessible_description(
            "2 to 64 small letters, digits, dots, hyphens, underlines or @ "
            "There is a person ada already. Mend: choose another."
        )
        page.get_by_role("link", name="There is a person ada already").click()
        expect(field).to_be_focused()


def test_a_browser_comes_back_from_the_provider_signed_in(
    browser: Browser,
    url: str,
    provider: Provider,
) -> None:
    with opened(browser, url, None) as page:
        page.goto("/sign-in?next=/rules")
        page.get_by_role("link", name="provider of your organisation").click()
        page.wait_for_url("**/rules")
        expect(page.get_by_text("Ada of customs")).to_be_visible()


def test_a_page_of_another_site_changes_nothing(
    browser: Browser,
    url: str,
    door: Door,
    provider: Provider,
) -> None:
    with opened(browser, url) as page:
        elsewhere = provider.base.replace("127.0.0.1", "localhost")
        page.goto(f"{elsewhere}/jwks")  # any page of another site
        page.set_content(
            f"<form method=post action='{url}/people/ada/disable'>"
            "<input name=sure value=yes><button>A prize</button></form>"
        )
        page.get_by_role("button", name="A prize").click()
        page.wait_for_url(f"{url}/**")
        ada = accounts(door).found("ada")
        assert ada is not None
        assert ada.disabled is None
