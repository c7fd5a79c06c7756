"""The catalogues: every text of pages and replies is there, in all five languages."""

import re
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from babel.support import Translations

from domain.languages import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
PARTS = ("domain", "portal")
TRANSLATED = [language for language in LANGUAGES if language != "en"]

of_every_part = pytest.mark.parametrize("part", PARTS)
into_every_language = pytest.mark.parametrize("language", TRANSLATED)


def extracted(part):
    """The texts that stand in the code and the templates now."""
    with (ROOT / "config" / "babel.cfg").open() as config:
        mapping, options = parse_mapping_cfg(config)
    found = extract_from_dir(ROOT / part, mapping, options)
    return {message for _, _, message, _, _ in found}


def catalogue(part, language):
    """What somebody wrote into a catalogue: messages by their text."""
    path = ROOT / part / "locale" / language / "LC_MESSAGES" / f"{part}.po"
    written = read_po(BytesIO(path.read_bytes()), locale=language)
    return {message.id: message for message in written if message.id}


def blanks(text):
    """The blanks of a text, as often as they stand in it."""
    return sorted(re.findall(r"%\(\w+\)s|\$\{\w+\}", text))


@of_every_part
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_in_every_catalogue_and_nothing_else(part, language):
    assert extracted(part) == catalogue(part, language).keys()


@of_every_part
def test_english_is_the_text_itself(part):
    messages = catalogue(part, "en").values()

    assert {message.string for message in messages} <= {"", *extracted(part)}
    assert all(message.string in ("", message.id) for message in messages)


@of_every_part
@into_every_language
def test_every_text_is_translated(part, language):
    messages = catalogue(part, language).values()

    assert [message.id for message in messages if not message.string] == []
    assert [message.id for message in messages if message.fuzzy] == []


@of_every_part
@into_every_language
def test_a_translation_has_the_blanks_of_its_text(part, language):
    wrong = [
        message.string
        for message in catalogue(part, language).values()
        if blanks(message.string) != blanks(message.id)
    ]

    assert wrong == []


@of_every_part
@into_every_language
def test_a_translation_is_tidy_and_its_letters_are_whole(part, language):
    strings = [message.string for message in catalogue(part, language).values()]

    assert [text for text in strings if text != " ".join(text.split(" ")).strip()] == []
    # An accent that is a letter of its own would count as one in an SMS.
    assert [
        text for text in strings if text != unicodedata.normalize("NFC", text)
    ] == []


@of_every_part
@into_every_language
def test_what_is_compiled_is_what_is_written(part, language):
    compiled = Translations.load(ROOT / part / "locale", [language], domain=part)

    old = [
        message.id
        for message in catalogue(part, language).values()
        if compiled.gettext(message.id) != message.string
    ]

    assert old == []  # else `make install` compiles them


def test_french_pages_never_part_a_double_sign_from_its_word():
    parted = re.compile(r"(?<!\u202f)[:;?!](?=\s|$)")

    strings = [message.string for message in catalogue("portal", "fr").values()]

    assert [text for text in strings if parted.search(text)] == []


def test_french_that_goes_by_sms_has_plain_spaces_and_apostrophes():
    strings = [message.string for message in catalogue("domain", "fr").values()]

    assert [text for text in strings if set(text) & set("\u202f\xa0’«»…")] == []
