"""Vouchers at the terminal: made, handed out, taken back, looked up."""

import csv
import getpass
import io
import os
import stat

import pytest

from tests.databases import on_both

GENERATE = (
    *("vouchers", "generate", "--name", "spring", "--count", "3"),
    *("--value", "5.00", "--currency", "USD", "--operator", "olga"),
)
FROM_ANNA = ("sms", "receive", "--from", "+48600316058", "--to", "+48221000000")


def generated(operator, *options):
    """A batch in a file: its rows."""
    sheet = operator.folder / "vouchers.csv"
    operator.reads(*GENERATE, "--output", str(sheet), *options)
    with sheet.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(operator, serial):
    return operator.learns("vouchers", "show", serial)


def texted(operator, text):
    (reply,) = operator.learns(*FROM_ANNA, text)
    return reply["text"]


def test_a_batch_is_written_once_into_a_file_for_its_owner_only(seeded):
    rows = generated(seeded, "--expires", "2099-12-31", "--length", "16")

    sheet = seeded.folder / "vouchers.csv"
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert [row["serial"] for row in rows] == ["1-000001", "1-000002", "1-000003"]
    assert {len(row.pop("pin").replace(" ", "")) for row in rows} == {16}
    assert rows[0] == {
        "serial": "1-000001",
        "value": "5.00",
        "currency": "USD",
        "expires": "2099-12-31",
    }


def test_without_a_file_the_pins_are_printed_and_nothing_else(seeded):
    told = seeded.gives(*GENERATE)

    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert [len(row["pin"].split()) for row in rows] == [3, 3, 3]
    assert told.stderr == (
        "spring has 3 vouchers, 1-000001 to 1-000003, not active yet\n"
    )


def test_a_file_that_is_there_is_never_written_over(seeded):
    sheet = seeded.folder / "mine.txt"
    sheet.write_text("mine")

    told = seeded.is_told(*GENERATE, "--output", str(sheet))

    assert told == f"{sheet}: File exists"
    assert sheet.read_text() == "mine"
    assert seeded.learns("vouchers", "list") == []


def test_a_batch_that_cannot_be_written_down_is_not_made(seeded, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        sheet = seeded.folder / "vouchers.csv"
        told = seeded.is_told(*GENERATE, "--output", str(sheet))

    assert told == f"{sheet}: No space left on device"
    assert not sheet.exists()
    assert seeded.learns("vouchers", "list") == []


def test_a_batch_that_cannot_be_made_leaves_no_file(seeded):
    generated(seeded)
    sheet = seeded.folder / "again.csv"

    told = seeded.is_told(*GENERATE, "--output", str(sheet))

    assert told == "there is a batch called 'spring' already"
    assert not sheet.exists()


@pytest.mark.parametrize("trouble", [KeyError, OSError])
def test_whoever_gives_no_name_is_known_by_their_login_or_number(
    seeded, monkeypatch, trouble
):
    def nameless():
        raise trouble

    by_name = [*GENERATE[:-2], "--output", str(seeded.folder / "a.csv")]
    monkeypatch.setattr(getpass, "getuser", lambda: "olaf")
    seeded.reads(*by_name)
    monkeypatch.setattr(getpass, "getuser", nameless)
    seeded.reads(*by_name[:-1], str(seeded.folder / "b.csv"), "--name", "autumn")

    makers = [each["made_by"] for each in seeded.learns("vouchers", "list")]
    assert makers == ["olaf", f"user {os.getuid()}"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--value", "0"), "a voucher is worth more than 0"),
        (("--value", "five"), "'five' is not an amount such as 12.30"),
        (("--currency", "XXY"), "'XXY' is no currency such as USD"),
        (("--name", " "), "--name is empty: what is the batch called?"),
        (("--expires", "2020-01-01"), "2020-01-01 is over already"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(seeded, options, sentence):
    assert seeded.is_told(*GENERATE, *options) == sentence


@pytest.mark.parametrize(
    "options",
    [("--length", "11"), ("--count", "0"), ("--count", "50001"), ("--expires", "x")],
)
def test_what_no_batch_can_have_is_a_wrong_use(seeded, options):
    assert seeded.gives(*GENERATE, *options).exit_code == 2


def test_a_voucher_is_worth_nothing_until_it_is_activated(seeded):
    pin = generated(seeded)[0]["pin"]
    early = texted(seeded, f"T.{pin}")

    told = seeded.reads("vouchers", "activate", "--batch", "spring")

    assert told == "3 vouchers were new and are active now\n"
    assert early == "This PIN cannot be redeemed. Please check its digits."
    assert texted(seeded, f"T.{pin}") == "$5.00 added. Your balance is $15.00."


def test_a_voucher_is_shown_by_its_serial_and_never_with_its_pin(seeded):
    pin = generated(seeded)[1]["pin"]
    seeded.reads("vouchers", "activate", "--from", "1-000002")
    texted(seeded, f"T.{pin}")

    told = seeded.reads("vouchers", "show", "1-000002")

    assert "state:        redeemed" in told
    assert "redeemed_by:  callback" in told
    assert pin not in told
    assert pin.replace(" ", "") not in told
    voucher = shown(seeded, "1-000002")
    assert voucher.pop("since").startswith("20")
    assert voucher == {
        "serial": "1-000002",
        "batch": "spring",
        "value": "5.00",
        "currency": "USD",
        "expires": None,
        "state": "redeemed",
        "redeemed_by": "callback",
        "key": "now",
    }
    assert shown(seeded, "1-000001")["state"] == "new"


def test_a_range_of_serials_is_activated_and_another_taken_back(seeded):
    generated(seeded)

    active = ("vouchers", "activate", "--from", "1-000001", "--to", "1-000002")
    assert seeded.reads(*active) == "2 vouchers were new and are active now\n"
    void = ("vouchers", "void", "--from", "1-000002", "--to", "1-000003")
    assert seeded.reads(*void) == "2 vouchers were not redeemed and are void now\n"

    states = [shown(seeded, f"1-00000{n}")["state"] for n in (1, 2, 3)]
    assert states == ["active", "void", "void"]
    assert seeded.reads("vouchers", "activate", "--batch", "spring").startswith("0 ")


def test_batches_are_listed_with_how_many_are_in_which_state(seeded):
    assert seeded.reads("vouchers", "list") == "there are no vouchers yet\n"
    generated(seeded)
    seeded.reads("vouchers", "activate", "--from", "1-000003")

    (batch,) = seeded.learns("vouchers", "list")

    assert batch.pop("made_at").startswith("20")
    assert batch == {
        "batch": "spring",
        "value": "5.00",
        "currency": "USD",
        "expires": None,
        "count": 3,
        "serials": "1-000001..1-000003",
        "made_by": "olga",
        "new": 2,
        "active": 1,
        "redeemed": 0,
        "expired": 0,
        "void": 0,
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "say --batch NAME, or --from SERIAL --to SERIAL"),
        (("--to", "1-000001"), "say --batch NAME, or --from SERIAL --to SERIAL"),
        (
            ("--batch", "spring", "--from", "1-000001"),
            "say --batch NAME, or --from SERIAL --to SERIAL",
        ),
        (("--batch", "autumn"), "no batch is called 'autumn'"),
        (("--from", "5"), "'5' is not a serial such as 7-000042"),
        (("--from", "1-000009"), "there is no voucher 1-000009"),
        (
            ("--from", "1-000002", "--to", "1-000001"),
            "1-000002 to 1-000001 is no range of one batch",
        ),
    ],
)
def test_vouchers_that_are_not_there_are_not_touched(seeded, words, sentence):
    generated(seeded)

    assert seeded.is_told("vouchers", "activate", *words) == sentence
    assert seeded.is_told("vouchers", "void", *words) == sentence


@on_both
def test_serials_too_long_for_any_voucher_are_refused(seeded):
    for serial in ("7-999999999999999999", "9" * 19 + "-000001"):
        told = seeded.is_told("vouchers", "show", serial)
        assert told == f"{serial!r} is not a serial such as 7-000042"
    for serial in ("7-2147483647", "9" * 18 + "-000001"):
        told = seeded.is_told("vouchers", "show", serial)
        assert told == f"there is no voucher {serial}"


def test_without_keys_no_voucher_is_made_and_it_is_said_what_to_do(seeded):
    seeded.environ["PORTAL_VOUCHERS_KEYS"] = None

    told = seeded.is_told(*GENERATE)

    assert told == "vouchers are not set up: put id:secret into PORTAL_VOUCHERS_KEYS"
    assert texted(seeded, "T.123456789010") == (
        "Vouchers cannot be redeemed here at the moment."
    )


def test_a_key_is_changed_and_a_missing_one_is_told_by_the_doctor(seeded):
    generated(seeded)
    seeded.reads("vouchers", "activate", "--batch", "spring")
    seeded.environ["PORTAL_VOUCHERS_KEYS"] = f"later:{'l' * 32} now:{'n' * 32}"
    rotated = seeded.gives("doctor").stdout
    seeded.environ["PORTAL_VOUCHERS_KEYS"] = f"later:{'l' * 32}"
    forgotten = seeded.gives("doctor").stdout
    seeded.environ["PORTAL_VOUCHERS_KEYS"] = f"now:{'x' * 32}"
    overwritten = seeded.gives("doctor").stdout

    assert "ok    vouchers    new ones under the key 'later', of 2" in rotated
    for told in (forgotten, overwritten):
        assert "WRONG vouchers    keys are missing" in told
        assert "'now' (3) vouchers need them" in told


def test_the_doctor_tells_that_vouchers_are_not_set_up_or_badly(operator):
    operator.environ["PORTAL_VOUCHERS_KEYS"] = None
    without = operator.gives("doctor").stdout
    operator.environ["PORTAL_VOUCHERS_KEYS"] = "a:hush"
    badly = operator.gives("doctor").stdout

    assert "vouchers    not set up: PORTAL_VOUCHERS_KEYS is empty" in without
    assert "WRONG vouchers    vouchers.keys: number 1 is not id:secret" in badly
    assert "hush" not in badly
