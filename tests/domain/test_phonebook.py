"""Names in a phonebook: found as people write them, in any of our languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import AmbiguousEntry, EntryTaken, UnknownEntry
from domain.phonebook.naming import folded
from tests.people import HOTEL, OFFICE


@pytest.fixture
def book(town):
    """Anna's phonebook: look a name up, or write one down."""
    anna = town.welcome()

    def find(written):
        with town.transaction() as services:
            account = services.accounts.get(anna.id)
            return services.phonebook.named(account, written).name

    def write(name, number=OFFICE):
        with town.transaction() as services:
            account = services.accounts.get(anna.id)
            services.phonebook.add(account, name, number)

    find.write = write
    return find


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("Office", "OFFICE"),
        ("Office", "off"),
        ("My  office", "my office"),
        ("Peña", "pena"),
        ("Pena", "PEÑA"),
        ("José Núñez", "jose nunez"),
        ("Sœur Anaïs", "soeur anais"),
        ("Soeur Anais", "SŒUR ANAÏS"),
        ("L’hôtel", "l'hotel"),
        ("Đặng Văn Ánh", "dang van anh"),
        ("Đặng Văn Ánh", "đặng"),
        ("Me\u0323\u0302", "mệ"),
        ("văn phòng", "Van Phong"),
        ("妈妈", "妈妈"),
        ("办公室（北京）", "办公室(北京)"),
        ("北京办公室", "北京"),
        ("Straße 7", "STRASSE 7"),
        ("Łukasz", "lukasz"),
        ("ＡＢＣ", "abc"),
        ("Mama ❤\ufe0f", "mama"),
        ("Mama ❤\ufe0f", "mama ❤"),
    ],
)
def test_case_accents_width_and_the_rest_of_a_name_do_not_matter(book, kept, written):
    book.write(kept)
    book.write("Zzz", HOTEL)

    assert book(written) == kept


def test_a_whole_name_wins_over_those_that_only_begin_so(book):
    book.write("Ann")
    book.write("Anna", HOTEL)

    assert book("ANN") == "Ann"
    with pytest.raises(AmbiguousEntry) as refusal:
        book("an")
    assert refusal.value.details == {"part": "an", "candidates": "Ann, Anna"}


@pytest.mark.parametrize("written", ["x", "", "\u0301", "nna"])
def test_what_begins_no_name_is_unknown(book, written):
    book.write("Anna")

    with pytest.raises(UnknownEntry):
        book(written)


def test_two_names_that_are_read_the_same_are_not_both_kept(book):
    book.write("Œuvre")

    with pytest.raises(EntryTaken):
        book.write("oeuvre")


def test_a_name_written_when_less_was_folded_is_still_found(book, town):
    book.write("Œuvre")
    with town.transaction() as services:
        entry = services.phonebook.of(services.accounts.all()[0])[0]
        entry.folded_name = "œuvre"

    assert book("oeuv") == "Œuvre"


@given(st.text(max_size=30))
def test_what_was_folded_is_folded_the_same_again(name):
    assert folded(folded(name)) == folded(name)
