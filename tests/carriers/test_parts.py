"""Long texts in parts: joined whatever order they come in, and worked once."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages.sms import Sms, SmsPart
from portal.carriers.base import Unreadable
from portal.carriers.door import keep
from portal.carriers.reading import concatenation
from portal.carriers.sealing import Seal
from portal.inbox import Inbox
from tests.carriers.everyone import everyone, post_of
from tests.carriers.posts import portal_of, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA, NOON, OFFICE

SEAL = Seal("s" * 40)
TEXTS = ("U.anna P.anna-pass", "word D.4877", "4417880")


def part(place, text=None, *, total=3, reference="7", made="a"):
    told_text = TEXTS[place - 1] if text is None else text
    sms = Sms("vonage", f"{made}{place}", ANNA, ACCESS_NUMBER, told_text)
    return SmsPart(sms, reference, total, place)


def gather(transaction, told, now, seal):
    """The whole messages that are there now."""
    return [kept.sms for kept in keep(transaction, told, now, seal)]


def asked(database):
    return [(row["leg_a"], row["leg_b"]) for row in stored(database, "call_requests")]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_parts_are_joined_whatever_order_they_come_in(
    transaction, town, database, order
):
    town.welcome("anna")

    waiting = [
        len(keep(transaction, [part(place)], NOON + timedelta(minutes=n), SEAL))
        for n, place in enumerate(order)
    ]
    Inbox(transaction, SEAL, lambda: NOON, kept=timedelta(days=9)).pump()

    assert waiting == [0, 0, 1]
    (message,) = stored(database, "inbound_sms")
    assert (message["external_id"], message["outcome"]) == ("a1", "calling")
    assert asked(database) == [(ANNA, OFFICE)]


def test_no_part_can_be_read_in_the_database(transaction, town, database):
    keep(transaction, [part(1), part(2)], NOON, SEAL)

    rows = str(stored(database, "sms_parts"))

    assert not any(secret in rows for secret in ("anna-pass", "word", "U.anna"))


@on_both
def test_a_part_told_again_changes_nothing(transaction, town, database):
    town.welcome("anna")
    for place in (1, 1, 2, 2, 3, 3, 1):
        keep(transaction, [part(place)], NOON, SEAL)
    Inbox(transaction, SEAL, lambda: NOON, kept=timedelta(days=9)).pump()

    assert len(stored(database, "sms_parts")) == 3
    assert len(stored(database, "inbound_sms")) == 1
    assert asked(database) == [(ANNA, OFFICE)]


def test_parts_that_never_meet_expire_after_a_day(transaction, town):
    town.welcome("anna")
    keep(transaction, [part(1), part(2)], NOON, SEAL)

    late = gather(transaction, [part(3)], NOON + timedelta(days=1), SEAL)
    with transaction() as services:
        services.waiting_room.forget(NOON + timedelta(days=1, hours=1), timedelta(9))
    later = gather(transaction, [part(3)], NOON + timedelta(hours=25), SEAL)

    assert late == later == []


def test_another_text_by_the_same_reference_takes_its_place(transaction, town):
    """Telephones count their long texts to 255 only."""
    whole = [part(1, "I", total=2), part(2, "", total=2)]
    first = gather(transaction, whole, NOON, SEAL)
    again = [part(1, "N", total=2, made="b"), part(2, "2", total=2, made="b")]

    second = gather(transaction, again, NOON, SEAL)

    assert [sms.text for sms in first] == ["I"]
    assert [(sms.text, sms.external_id) for sms in second] == [("N2", "b1")]


def test_an_unfinished_text_is_not_joined_with_another_of_an_hour_later(
    transaction, town
):
    """Its last part was lost; by the same reference comes another text, last first."""
    gather(transaction, [part(1, "U.anna P.one ", total=2)], NOON, SEAL)
    later = NOON + timedelta(minutes=61)

    second = gather(transaction, [part(2, "2", total=2, made="b")], later, SEAL)
    first = gather(transaction, [part(1, "N", total=2, made="b")], later, SEAL)

    assert second == []
    assert [(sms.text, sms.external_id) for sms in first] == [("N2", "b1")]


def test_an_operator_reads_of_parts_that_were_forgotten_but_not_their_text(
    transaction, town, caplog
):
    gather(transaction, [part(1), part(2)], NOON, SEAL)
    later = NOON + timedelta(minutes=61)

    gather(transaction, [part(1, "I", made="b")], later, SEAL)

    assert "2 of 3 parts of a text from +4860…058" in caplog.text
    assert "anna" not in caplog.text


def test_of_a_whole_text_that_makes_room_nothing_is_said(transaction, town, caplog):
    whole = [part(1, "I", total=2), part(2, "", total=2)]
    gather(transaction, whole, NOON, SEAL)
    gather(transaction, whole[:1], NOON + timedelta(minutes=50), SEAL)

    later = NOON + timedelta(minutes=61)
    gather(transaction, [part(2, "2", total=2, made="b")], later, SEAL)

    assert "forgotten" not in caplog.text


def test_parts_may_take_most_of_an_hour(transaction, town):
    gather(transaction, [part(2, "2", total=2)], NOON, SEAL)
    late = NOON + timedelta(minutes=59)

    whole = gather(transaction, [part(1, "N", total=2)], late, SEAL)

    assert [sms.text for sms in whole] == ["N2"]


def test_what_is_told_again_after_hours_without_us_is_joined(transaction, town):
    """The first part was stored, its answer was lost, and then we were away."""
    gather(transaction, [part(1, "N", total=2)], NOON, SEAL)
    later = NOON + timedelta(hours=3)

    gather(transaction, [part(1, "N", total=2)], later, SEAL)
    whole = gather(transaction, [part(2, "2", total=2)], later, SEAL)

    assert [sms.text for sms in whole] == ["N2"]


@on_both
def test_another_part_of_the_same_number_begins_a_new_text(transaction, town, database):
    gather(transaction, [part(1, "old ", made="a")], NOON, SEAL)
    again = [part(n, words, made="b") for n, words in ((1, "D."), (3, "417880"))]
    gather(transaction, again, NOON, SEAL)

    whole = gather(transaction, [part(2, "48774", made="b")], NOON, SEAL)

    assert [sms.text for sms in whole] == ["D.48774417880"]
    assert len(stored(database, "sms_parts")) == 3


def test_a_text_that_is_told_again_for_hours_stays_one(transaction, town, database):
    """A carrier that missed our answers repeats every part."""
    for hours in (0, 2, 5):
        for place in (1, 2, 3):
            keep(transaction, [part(place)], NOON + timedelta(hours=hours), SEAL)

    assert len(stored(database, "inbound_sms")) == 1
    assert len(stored(database, "sms_parts")) == 3


def test_parts_of_two_people_are_never_mixed(transaction, town):
    theirs = SmsPart(Sms("vonage", "x2", OFFICE, ACCESS_NUMBER, "no"), "7", 2, 2)

    joined = gather(transaction, [part(1, "I", total=2), theirs], NOON, SEAL)

    assert joined == []


@pytest.mark.races
@on_both
def test_parts_that_come_at_the_same_moment_find_each_other(
    transaction, town, database
):
    together = Barrier(3)
    found = []

    def tell(place):
        together.wait()
        found.extend(gather(transaction, [part(place)], NOON, SEAL))

    threads = [Thread(target=tell, args=(place,)) for place in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [sms.text for sms in found] == ["".join(TEXTS)]


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["vonage/part-3", "vonage/part-1", "vonage/part-2"], "U.callback P.pass"),
        (["kannel/part-2", "kannel/part-1"], "D.48774417880"),
        (["sinch/part-1", "sinch/part-2"], "D.48774417880"),
    ],
)
def test_carriers_that_do_not_join_are_joined(transaction, names, text):
    book = everyone()
    found = []

    for post in map(post_of, names):
        told = book.named(post.carrier).read(post.hook)
        found += gather(transaction, told, NOON, SEAL)

    (sms,) = found
    assert sms.text.startswith(text)


def test_a_long_text_by_kannel_is_answered_when_its_last_part_comes(
    transaction, town, database
):
    portal = portal_of(transaction, everyone())
    for name in ("kannel/part-2", "kannel/part-1"):
        post = post_of(name)
        assert portal.get(post.target).text == ""

    (message,) = stored(database, "inbound_sms")
    assert message["text"] == "D.48774417880"


@given(st.binary(max_size=40))
def test_any_header_is_read_or_left_alone(udh):
    found = concatenation(udh)

    if found is not None:
        _, total, place = found
        assert 1 <= place <= total <= 255


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"reference": "7", "total": 2, "place": 3}, "which of how many"),
        ({"reference": "7", "total": 0, "place": 0}, "which of how many"),
        ({"reference": "7", "total": 256, "place": 1}, "which of how many"),
        ({"reference": "7", "total": "2", "place": 1}, "which of how many"),
        ({"reference": "", "total": 2, "place": 1}, "which text"),
        ({"reference": "\x00", "total": 2, "place": 1}, "which text"),
        ({"total": 2, "place": 1}, "no text at reference"),
    ],
)
def test_a_part_that_is_none_is_refused(part, sentence):
    post = post_of("modem/part")
    told = json.loads(post.body)
    told["events"][0]["part"] = part
    hook = replace(post.hook, body=json.dumps(told).encode())

    with pytest.raises(Unreadable, match=sentence):
        everyone().named("modem").read(hook)


def test_the_only_part_of_a_text_is_the_text():
    post = post_of("modem/part")
    told = json.loads(post.body)
    told["events"][0]["part"] = {"reference": "7", "total": 1, "place": 1}
    hook = replace(post.hook, body=json.dumps(told).encode())

    (sms,) = everyone().named("modem").read(hook)

    assert isinstance(sms, Sms)


def test_a_message_for_a_program_of_the_telephone_is_no_command():
    book = everyone()
    post = post_of("kannel/by-template")
    target = post.target.replace("udh=", "udh=%06%05%04%0B%84%23%F0")
    hook = replace(post.hook, url=f"https://sms.example.org{target}")

    assert book.named("kannel").read(hook) == []


@pytest.mark.parametrize(
    ("udh", "found"),
    [
        ("050003A70201", ("167", 2, 1)),
        ("06080412340302", ("4660", 3, 2)),
        ("0B0504158A00000003A70302", ("167", 3, 2)),
        ("0605041B8423F0", None),
        ("050003A70101", None),
        ("050003A70203", None),
        ("050003A702", None),
        ("", None),
    ],
)
def test_the_place_of_a_part_stands_in_its_header(udh, found):
    assert concatenation(bytes.fromhex(udh)) == found
