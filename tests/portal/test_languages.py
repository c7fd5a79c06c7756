"""Which language a page speaks, and the catalogues behind it."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from babel.support import Translations
from pyramid.i18n import Localizer
from pyramid.interfaces import ILocalizer

from domain.languages import LANGUAGES
from portal.i18n import LANGUAGE_NAMES

ROOT = Path(__file__).parent.parent.parent
LOCALE = ROOT / "portal" / "locale"


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


def test_a_catalogue_turns_a_page_into_its_language(browser, portal):
    catalogue = Translations(domain="portal")
    catalogue._catalog = {"Sign in": "Se connecter"}
    localizer = Localizer("fr", catalogue)
    portal.registry.registerUtility(localizer, ILocalizer, name="fr")

    page = browser.get("/sign-in", headers={"Accept-Language": "fr"})
    portal.registry.unregisterUtility(localizer, ILocalizer, name="fr")

    assert page.html.select_one("h2").text == "Se connecter"


def test_every_language_has_a_name():
    assert tuple(LANGUAGE_NAMES) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_in_every_catalogue(language):
    with (ROOT / "config" / "babel.cfg").open() as config:
        mapping, options = parse_mapping_cfg(config)
    extracted = {
        message
        for _, _, message, _, _ in extract_from_dir(ROOT / "portal", mapping, options)
    }
    written = (LOCALE / language / "LC_MESSAGES" / "portal.po").read_bytes()
    catalogue = read_po(BytesIO(written), locale=language)

    assert extracted - {message.id for message in catalogue} == set()
    if language == "en":
        assert {message.string for message in catalogue if message.string} <= {
            message.id or message.string for message in catalogue
        }
