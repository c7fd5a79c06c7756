"""Which language a page speaks."""

import pytest

from domain.languages import LANGUAGES
from portal.i18n import LANGUAGE_NAMES
from tests.portal.pages import talk


def language_of(page):
    return page.html.html["lang"]


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [("fr", "fr"), ("zh-CN, en;q=0.5", "zh"), ("de, vi;q=0.3", "vi"), ("de", "en")],
)
def test_a_guest_is_met_in_the_browsers_language(browser, accepted, spoken):
    page = browser.get("/sign-in", headers={"Accept-Language": accepted})

    assert language_of(page) == spoken


def test_what_a_guest_chooses_is_remembered(browser):
    page = browser.get("/sign-in?return=%2Faccount%2Fcalls").click("Español")

    assert language_of(page) == "es"
    assert page.form["return"].value == "/account/calls"
    assert language_of(browser.get("/sign-in")) == "es"


@pytest.mark.parametrize("wrong", ["tlh", "", "../en", "en\r\nX: y"])
def test_a_language_we_do_not_speak_is_passed_over(browser, wrong):
    page = browser.get("/sign-in", params={"_LOCALE_": wrong})

    assert language_of(page) == "en"
    assert language_of(browser.get("/sign-in")) == "en"


def test_the_accounts_language_goes_before_the_browsers(browser, town):
    linh = town.welcome("linh", language="vi")
    browser.sign_in(linh.login, linh.password)

    page = browser.get("/account?_LOCALE_=fr", headers={"Accept-Language": "es"})

    assert language_of(page) == "vi"


def test_refusals_and_money_speak_the_pages_language(browser, town):
    linh = town.welcome("linh", language="fr")
    browser.sign_in(linh.login, linh.password)

    assert "10,00 $US" in browser.read("/account").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Sign in"),
        ("es", "Iniciar sesión"),
        ("fr", "Se connecter"),
        ("vi", "Đăng nhập"),
        ("zh", "登录"),
    ],
)
def test_a_page_speaks_every_language(browser, language, heading):
    page = browser.get("/sign-in", headers={"Accept-Language": language})

    assert page.html.select_one("h2").text == heading


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", "23 nov 2026, 12:00 UTC 15 s 15 s 0,06 US$ 0,00 US$ Terminó al colgar"),
        ("fr", "23 nov. 2026, 12:00 UTC 15 s 15 s 0,06 $US 0,00 $US Raccroché"),
        ("vi", "23/11/2026, 12:00 UTC 15 giây 15 giây 0,06 US$ 0,00 US$ Đã gác máy"),
        ("zh", "2026-11-23 12:00 UTC 15 秒 15 秒 US$0.06 US$0.00 已挂断"),
    ],
)
def test_moments_and_seconds_are_told_as_the_language_tells_them(
    browser, town, language, told
):
    linh = town.welcome("linh", language=language)
    browser.sign_in(linh.login, linh.password)

    talk(town, linh)

    assert told in browser.read("/account/calls")


def test_every_language_has_a_name():
    assert tuple(LANGUAGE_NAMES) == LANGUAGES
