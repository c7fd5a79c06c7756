"""Price lists at the terminal: brought in whole, taken out, looked at."""

import csv
from datetime import timedelta
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from domain.tariffs.lists import Origin, Owner
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from portal.cli.importing import WRITTEN_AT_ONCE, put_in_force
from portal.cli.rates import unreadable
from tests.databases import on_both
from tests.people import NOON, OFFICE, after


@pytest.fixture
def sheet(tmp_path):
    def write(text, name="rates.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


@pytest.fixture
def basic(operator):
    """An operator with a plan that has no rates yet."""
    operator.reads("plans", "create", "basic", "--currency", "USD")
    return operator


def price(operator, *options, to="+48774417880"):
    words = ("quote", "--account", "callback", "--to", to, *options)
    return operator.learns(*words)["leg_b"]["rate"]["per_minute"]


def test_a_plan_is_opened_and_filled(operator, sheet):
    file = sheet("prefix,per_minute,destination\n48,0.02,Poland\n44,0.01,Britain\n")

    operator.reads("plans", "create", "basic", "--currency", "EUR", "--leg-a", "never")
    told = operator.reads("rates", "import", file, "--plan", "basic")

    assert told == (
        "2 rates are in force: 2 new, 0 dearer, 0 cheaper, 0 gone, 0 unchanged\n"
        "  new: 44 48\n"
    )
    assert operator.learns("plans", "list") == [
        {"name": "basic", "currency": "EUR", "leg_a": "never", "rates": 2}
    ]


def test_a_dry_run_tells_what_would_change_and_changes_nothing(basic, sheet):
    first = sheet("prefix,per_minute\n48,0.02\n44,0.01\n33,0.01\n4,1\n")
    basic.reads("rates", "import", first, "--plan", "basic")
    second = sheet("\ufeffprefix,per_minute\n48,0.03\n44,0.01\n49,0.01\n4,0.5\n")

    words = ("rates", "import", second, "--plan", "basic")
    changes = (
        "1 new, 1 dearer, 1 cheaper, 1 gone, 1 unchanged\n"
        "  new: 49\n  dearer: 48\n  cheaper: 4\n  gone: 33\n"
    )

    for _ in range(2):
        told = basic.reads(*words, "--dry-run")
        assert told == f"4 rates would be in force: {changes}"
    assert basic.reads(*words) == f"4 rates are in force: {changes}"


def test_what_changes_is_told_to_programs_too(basic, sheet):
    many = "".join(f"48{number},0.01\n" for number in range(10, 30))
    file = sheet(f"prefix,per_minute\n{many}")

    told = basic.learns("rates", "import", file, "--plan", "basic", "--dry-run")

    none = {"count": 0, "first": []}
    assert told == {
        "rates": 20,
        "dry_run": True,
        "valid_from": told["valid_from"],
        "new": {"count": 20, "first": [f"48{number}" for number in range(10, 20)]},
        "dearer": none,
        "cheaper": none,
        "gone": none,
        "unchanged": 0,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prefix,per_minute\n48,cheap\n4x,1\n", "line 2: 'cheap' is not an amount"),
        ("prefix,per_minute\n48,cheap\n4x,1\n", "line 3: prefix '4x' is not"),
        ("prefix\n48\n", "column 'per_minute' is missing"),
        ("prefix,per_minute\n", "holds no rates"),
    ],
)
def test_a_bad_sheet_is_refused_whole_and_each_line_named(
    seeded, sheet, text, sentence
):
    before = seeded.learns("rates", "lists", "--plan", "demo")

    assert sentence in seeded.is_told("rates", "import", sheet(text), "--plan", "demo")
    assert seeded.learns("rates", "lists", "--plan", "demo") == before


def test_a_file_that_cannot_be_read_is_named(seeded, sheet):
    wide = sheet("prefix,per_minute\n48,0.1\n", encoding="utf-16")

    absent = seeded.is_told("rates", "import", "absent.csv", "--plan", "demo")

    assert absent == "absent.csv: No such file or directory"
    assert "it is not a text in UTF-8" in seeded.is_told(
        "rates", "import", wide, "--plan", "demo"
    )


def test_a_workbook_that_is_damaged_is_refused_and_nothing_else_is_said(
    seeded, tmp_path, capfd
):
    book = Workbook()
    book.active.append(["prefix", "per_minute"])
    book.save(tmp_path / "whole.xlsx")
    file = tmp_path / "rates.xlsx"
    with ZipFile(tmp_path / "whole.xlsx") as whole, ZipFile(file, "w") as damaged:
        for name in whole.namelist():
            kept = -40 if name.endswith("sheet1.xml") else None
            damaged.writestr(name, whole.read(name)[:kept])

    told = seeded.is_told("rates", "import", str(file), "--plan", "demo")

    fault = "line 2: the workbook is damaged"
    assert told == f"{file} is refused whole:\n  {fault}"
    assert capfd.readouterr().err == ""  # of the process that read it


def test_a_reader_that_died_is_told_in_words():
    told = unreadable(Path("rates.xlsx"), OSError("whoever read it has died"))

    assert told.message == "rates.xlsx: whoever read it has died"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_imported_again_without_a_change(seeded, sheet, tmp_path, kind):
    terms = "prefix,per_minute,setup,first_block,step,free_seconds,minimum_charge,band"
    first = sheet(
        f"{terms},minimum_seconds,valid_from,valid_to,destination\n"
        '48,0.000001,1.5,20,60,5,0.3,,3,,,"Poland, all"\n'
        "48,123456.789,,,,,,SAT-SUN,,,,\n"
        "4877,0.3,,,,,,,,2026-12-01T00:00+01:00,2030-01-01T00:00Z,Żółw\n"
    )
    seeded.reads("rates", "import", first, "--plan", "demo")
    file = str(tmp_path / f"export.{kind}")

    told = seeded.reads("rates", "export", "--plan", "demo", f"--{kind}", file)

    assert told == f"3 rates are in {file}\n"
    again = seeded.reads("rates", "import", file, "--plan", "demo")
    assert again == (
        "3 rates are in force: 0 new, 0 dearer, 0 cheaper, 0 gone, 3 unchanged\n"
    )


def test_an_export_goes_to_the_terminal_if_no_file_is_named(seeded):
    header, first, *_ = csv.reader(
        seeded.reads("rates", "export", "--plan", "demo").splitlines()
    )

    assert header[:3] == ["prefix", "destination", "per_minute"]
    assert first[0].isdecimal()


def test_a_workbook_is_taken_as_a_csv_is(seeded, tmp_path):
    book = Workbook()
    for row in (["prefix", "per_minute"], [48, 0.01], ["44", "0.02"]):
        book.active.append(row)
    book.save(tmp_path / "rates.XLSX")

    file = str(tmp_path / "rates.XLSX")
    told = seeded.reads("rates", "import", file, "--plan", "demo")

    assert told.startswith("2 rates are in force: ")
    assert price(seeded) == "0.01"


def test_a_list_that_is_to_come_can_be_withdrawn(seeded, sheet):
    file = sheet("prefix,per_minute\n48,0.5\n")
    later = ("--plan", "demo", "--valid-from", "2099-01-01T00:00Z")
    seeded.reads("rates", "import", file, *later)
    newest, in_force = seeded.learns("rates", "lists", "--plan", "demo")

    told = seeded.reads("rates", "withdraw", str(newest["id"]), "--plan", "demo")

    assert told == f"list {newest['id']} will not come into force\n"
    states = [
        each["state"] for each in seeded.learns("rates", "lists", "--plan", "demo")
    ]
    assert states == ["dropped", "in force"]
    for gone in (newest, in_force):
        words = ("rates", "withdraw", str(gone["id"]), "--plan", "demo")
        assert seeded.is_told(*words).endswith("is no list of theirs that is to come")


def test_a_list_whose_time_is_over_says_so(seeded, sheet):
    seeded.reads(
        "rates", "import", sheet("prefix,per_minute\n48,0.5\n"), "--plan", "demo"
    )

    lists = seeded.learns("rates", "lists", "--plan", "demo")

    assert [each["state"] for each in lists] == ["in force", "over"]


def test_a_list_may_begin_later_but_not_before_now(seeded, sheet):
    before = price(seeded)
    file = sheet("prefix,per_minute\n48,0.5\n")
    words = ("rates", "import", file, "--plan", "demo", "--valid-from")

    told = seeded.reads(*words, "2099-01-01T00:00+01:00")

    assert told.startswith("1 rates are in force from 2098-12-31T23:00:00+00:00: ")
    assert price(seeded) == before
    states = [
        each["state"] for each in seeded.learns("rates", "lists", "--plan", "demo")
    ]
    assert states == ["to come", "in force"]
    assert "has passed" in seeded.is_told(*words, "2020-01-01T00:00Z")
    assert "names no time zone" in seeded.is_told(*words, "2099-01-01")
    assert "no moment of ISO 8601" in seeded.is_told(*words, "tomorrow")
    assert "not from 1970 to 2999" in seeded.is_told(*words, "9999-12-31T23:59-05:00")
    assert "is empty" in seeded.is_told(*words, "")


def test_an_account_has_prices_of_its_own_until_they_are_cleared(seeded, sheet):
    of_the_plan = price(seeded)
    file = sheet("prefix,per_minute\n48,0.003\n")

    seeded.reads("rates", "import", file, "--account", "callback")
    own = price(seeded)
    cleared = seeded.reads("rates", "clear", "--account", "callback")

    assert own == "0.003"
    assert cleared == "callback pays the prices of its plan\n"
    assert price(seeded) == of_the_plan
    lists = seeded.learns("rates", "lists", "--account", "callback")
    assert [each["rates"] for each in lists] == [0, 1]
    assert lists[1]["source"] == "rates.csv"
    assert lists[1]["operator"]


@on_both
def test_own_prices_that_begin_later_are_told_when_those_of_now_are_cleared(
    seeded, sheet
):
    file = sheet("prefix,per_minute\n48,0.003\n")
    words = ("rates", "import", file, "--account", "callback")
    clear = ("rates", "clear", "--account", "callback")
    seeded.reads(*words)
    for later in ("2099-06-01T00:00Z", "2099-01-01T00:00Z"):
        seeded.reads(*words, "--valid-from", later)

    told = seeded.reads(*clear)

    until = "2099-01-01T00:00:00+00:00"
    assert told == f"callback pays the prices of its plan, until {until}\n"


def test_whose_prices_is_to_be_said_once(seeded):
    for words in ((), ("--plan", "demo", "--account", "callback")):
        result = seeded.gives("rates", "lists", *words)

        assert result.exit_code == 2
        assert "--plan or --account" in result.stderr
    nothing = seeded.is_told("rates", "export", "--account", "callback")
    assert nothing == "no price list is in force"


# --- beside live calls ---------------------------------------------------------


@on_both
def test_an_import_lets_others_write_between_its_pieces(town):
    calls = count()

    def lines():
        for number in range(3 * WRITTEN_AT_ONCE):
            if number % WRITTEN_AT_ONCE == 0:
                with town.transaction() as services:  # a live call takes the pen
                    access = services.accounts.access_number("+48221000000")
                    access.language = f"{next(calls)}"
            yield Line(f"48{number:06}", Rate(1))

    owner = Owner(town.plan_id)
    put_in_force(town.transaction, lines(), owner, Origin(NOON), lambda: after(1))

    assert next(calls) == 3
    with town.transaction(write=False) as services:
        found = services.tariffs.lists.in_force(owner, after(1))
        assert found.rows == 3 * WRITTEN_AT_ONCE


@on_both
def test_an_import_that_was_killed_changes_nothing_and_is_cleared_by_the_next(town):
    def lines_of_an_import_that_dies():
        for number in range(WRITTEN_AT_ONCE + 1):
            yield Line(f"48{number:06}", Rate(1))
        raise KeyboardInterrupt

    def now():
        return NOON

    owner, origin = Owner(town.plan_id), Origin(NOON)
    with pytest.raises(KeyboardInterrupt):
        put_in_force(
            town.transaction, lines_of_an_import_that_dies(), owner, origin, now
        )

    def price():
        with town.transaction(write=False) as services:
            plan = services.tariffs.plan(town.plan_id)
            at = NOON + timedelta(hours=1)
            return services.tariffs.price(plan, OFFICE, at).rate.per_minute

    assert price() == 60_000
    put_in_force(town.transaction, iter([Line("48", Rate(2))]), owner, origin, now)
    assert price() == 2
    with town.transaction(write=False) as services:
        left = [each.state for each in services.tariffs.lists.of(owner)]
    assert left == ["complete", "dropped", "complete"]
