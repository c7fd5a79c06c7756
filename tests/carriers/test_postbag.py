"""Posts that arrive side by side: stored together, and each told of its own fate."""

from contextlib import contextmanager
from threading import Barrier, Event, Thread
from time import sleep

import pytest
from sqlalchemy.exc import DataError, OperationalError

from domain.messages.sms import Sms
from portal.carriers.postbag import Postbag
from portal.carriers.sealing import Seal
from tests.carriers.posts import stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA, NOON

SEAL = Seal("s" * 40)


def text(message_id, words="I"):
    return Sms("generic", message_id, ANNA, ACCESS_NUMBER, words)


def put_together(bag, *told):
    """Put each by a thread of its own; what each was told."""
    together = Barrier(len(told))
    fates = {}

    def put(sms):
        together.wait()
        try:
            bag.put([sms], NOON)
            fates[sms.external_id] = "stored"
        except Exception as trouble:  # noqa: BLE001 - it is what we ask for
            fates[sms.external_id] = type(trouble).__name__

    threads = [Thread(target=put, args=(sms,)) for sms in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return fates


@pytest.mark.races
@on_both
def test_all_that_come_together_are_stored_once_each(transaction, database):
    bag = Postbag(transaction, SEAL)

    fates = put_together(bag, *(text(str(n // 2)) for n in range(40)))

    assert set(fates.values()) == {"stored"}
    ids = sorted(int(row["external_id"]) for row in stored(database, "inbound_sms"))
    assert ids == list(range(20))


def test_those_who_come_while_somebody_stores_share_a_transaction(
    transaction, database
):
    opened, may_go_on = [], Event()

    @contextmanager
    def slowly(*, write=True):
        opened.append(write)
        with transaction(write=write) as services:
            yield services
            assert may_go_on.wait(30)

    bag = Postbag(slowly, SEAL)
    threads = [Thread(target=bag.put, args=([text(str(n))], NOON)) for n in range(9)]
    threads[0].start()
    while not opened:
        sleep(0.01)
    for thread in threads[1:]:
        thread.start()
    while len(bag._waiting) < 8:
        sleep(0.01)
    may_go_on.set()
    for thread in threads:
        thread.join(30)

    assert len(opened) == 2
    assert len(stored(database, "inbound_sms")) == 9


def test_a_message_that_cannot_be_stored_takes_no_other_with_it(transaction, database):
    @contextmanager
    def picky(*, write=True):
        with transaction(write=write) as services:
            right = services.messages.store_all

            def store_all(letters):
                if any(letter.sms.text == "bad" for letter in letters):
                    raise DataError("INSERT", {}, Exception("no such letter"))
                right(letters)

            services.messages.store_all = store_all
            yield services

    told = [text(str(n), "bad" if n == 3 else "I") for n in range(8)]

    fates = put_together(Postbag(picky, SEAL), *told)

    assert fates.pop("3") == "DataError"
    assert set(fates.values()) == {"stored"}
    assert len(stored(database, "inbound_sms")) == 7


def test_while_the_database_is_away_everybody_is_told_so_and_later_served(
    transaction, database
):
    is_away = [True]

    def sometimes(*, write=True):
        if is_away:
            raise OperationalError("INSERT", {}, Exception("away"))
        return transaction(write=write)

    bag = Postbag(sometimes, SEAL)
    first = put_together(bag, *(text(str(n)) for n in range(8)))
    is_away.clear()
    second = put_together(bag, *(text(str(n)) for n in range(8)))

    assert set(first.values()) == {"OperationalError"}
    assert set(second.values()) == {"stored"}
    assert len(stored(database, "inbound_sms")) == 8
