"""Sheets of rates: read exactly, refused whole, written so that they read again."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from domain import money
from domain.tariffs.choosing import BEGINNING
from domain.tariffs.comparing import difference
from domain.tariffs.rating import Rate
from domain.tariffs.scratch import Scratch
from domain.tariffs.sheet import (
    COLUMNS,
    NAMED_AT_MOST,
    BadSheet,
    Line,
    Reading,
    cells_of,
    read,
    rows_of_csv,
)
from domain.tariffs.workbook import rows_of_workbook, write_workbook
from tests.people import NOON, after

FAR = "9999-12-31T23:59:59-05:00"
"""In UTC it is beyond what Python can hold."""
EARLY = "1970-01-01T00:59+01:00"

moments = st.integers(1, 10**6).map(lambda hour: BEGINNING + timedelta(hours=hour))
amounts = st.integers(0, money.LARGEST)
times = st.integers(0, 10**6)
names = st.text(
    st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20
).filter(lambda name: not name.startswith("="))


@st.composite
def lines(draw):
    begins = draw(st.none() | moments)
    ends = draw(st.none() | moments)
    if begins and ends and ends <= begins:
        ends = begins + timedelta(days=1)
    return Line(
        draw(st.from_regex(r"[1-9][0-9]{0,14}", fullmatch=True)),
        Rate(
            *(draw(amounts), draw(amounts), draw(times), draw(st.integers(1, 10**6))),
            *(draw(times), draw(amounts), draw(times)),
        ),
        draw(st.just("") | names),
        begins,
        ends,
        draw(st.sampled_from(["", "sat-sun", "mon-fri 08:00-12:00,13:00-18:00"])),
    )


def key(line):
    return (line.prefix, line.valid_from or BEGINNING, line.band)


sheets = st.lists(lines(), max_size=8, unique_by=key)


def kept(rows):
    with Scratch() as scratch:
        scratch.take(Reading(rows))
        return list(scratch.lines())


def of_csv(text):
    return kept(rows_of_csv(io.StringIO(text)))


def of_cells(tmp_path, *rows):
    """What is read of a workbook with these cells."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "rates.xlsx")
    return kept(rows_of_workbook(tmp_path / "rates.xlsx"))


def faults(reads, *arguments):
    with pytest.raises(BadSheet) as refusal:
        reads(*arguments)
    return refusal.value.faults


@given(sheets)
def test_a_csv_that_was_written_is_read_as_it_was(drawn):
    text = io.StringIO()
    for row in [COLUMNS, *map(cells_of, drawn)]:
        text.write(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row))
        text.write("\n")

    assert of_csv(text.getvalue()) == sorted(drawn, key=key)
    assert sorted(read(io.StringIO(text.getvalue())), key=key) == sorted(drawn, key=key)


@given(drawn=sheets)
def test_a_workbook_that_was_written_is_read_as_it_was(drawn, tmp_path_factory):
    file = tmp_path_factory.mktemp("books") / "rates.xlsx"

    write_workbook(file, drawn)

    assert kept(rows_of_workbook(file)) == sorted(drawn, key=key)


@given(sheets, sheets)
def test_two_lists_are_told_apart_whatever_is_in_them(before, after_it):
    found = difference(sorted(before, key=key), sorted(after_it, key=key))

    def terms(lines):
        return {(*key(line), line.valid_to): line.rate for line in lines}

    old, new = terms(before), terms(after_it)
    changed = [each for each in old if each in new and old[each] != new[each]]
    assert found.new.count == len(new.keys() - old.keys())
    assert found.gone.count == len(old.keys() - new.keys())
    assert found.dearer.count + found.cheaper.count == len(changed)
    assert found.same == len(old.keys() & new.keys()) - len(changed)


def test_the_first_prefixes_of_each_kind_are_told_in_order():
    many = [Line(str(prefix), Rate(1)) for prefix in range(100, 130)]

    found = difference([Line("99", Rate(1))], many)

    assert (found.new.count, found.gone.first) == (30, ["99"])
    assert found.new.first == [str(prefix) for prefix in range(100, 110)]


def test_dates_and_bands_are_read():
    (line,) = of_csv(
        "prefix,per_minute,valid_from,valid_to,band\n"
        '48,0.06,2026-11-23T13:00:00+01:00,2026-11-23T12:00:01Z,"MON-FRI 8:00-18:00"\n'
    )

    assert (line.valid_from, line.valid_to) == (NOON, after(1))
    assert line.band == "mon-fri 08:00-18:00"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("48,cheap,", "'cheap' is not an amount such as 12.30"),
        # ASTPP #276: a thousands separator, and every debit was 1.
        ('48,"1,234.56",', "'1,234.56' is not an amount such as 12.30"),
        ("48,6e-2,", "'6e-2' is not an amount such as 12.30"),
        ("48,0.0000001,", "'0.0000001' has more than six decimals"),
        ("48,-0.06,", "per_minute must not be negative"),
        ("48,=A1*2,", "'=A1*2' is a formula: put its value there"),
        ("4.8774E+10,0.06,", "prefix '4.8774E+10' is not digits"),
        ("4x,0.06,", "prefix '4x' is not digits"),
        (",0.06,", "prefix '' is not digits"),
        ("0048,0.06,", "prefix '0048' begins with 0: no country's code does"),
        ("4877441788012345,0.06,", "prefix '4877441788012345' is not 1 to 15 digits"),
        ("48,0.06,never", "'never': 'never' is no day such as mon or mon-fri"),
        ("48,0.06", "it has not as many fields as the header"),
        ("48,0.06,,", "it has not as many fields as the header"),
        ("48,,", "per_minute is empty"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(row, fault):
    text = f"prefix,per_minute,band\n44,0.01,\n{row}\n"

    assert faults(of_csv, text) == [f"line 3: {fault}"]


@pytest.mark.parametrize("character", ["\0", "\x1b", "\n", "\x85", "\ud800"], ids=ascii)
def test_a_character_that_nobody_can_read_is_refused(character):
    rows = [(1, ["prefix", "per_minute", "destination"])]
    rows.append((2, ["48", "0.06", f"Po{character}land"]))

    (told,) = faults(kept, iter(rows))

    assert told.startswith("line 2: 'Po\\")
    assert told.endswith("land' holds a control character")


def test_blanks_around_a_cell_and_letters_of_every_language_are_no_fault():
    text = "prefix,per_minute,destination\n 48\t,0.06 ,\xa0Ba\xa0Lan\u200d 波兰\n"

    assert of_csv(text) == [Line("48", Rate(60_000), "Ba\xa0Lan\u200d 波兰")]


@pytest.mark.parametrize(
    ("begins", "ends", "fault"),
    [
        *(
            (*dates, f"{name} {moment!r} is not from 1970 to 2999")
            for name, moment, dates in (
                ("valid_to", FAR, ("", FAR)),
                ("valid_to", "3000-01-01T00:00Z", ("", "3000-01-01T00:00Z")),
                ("valid_from", EARLY, (EARLY, "")),
                (
                    "valid_from",
                    "0001-01-01T00:00+14:00",
                    ("0001-01-01T00:00+14:00", ""),
                ),
            )
        ),
        ("", "1970-01-01T00:00Z", "valid_to is not after valid_from"),
        ("tomorrow", "", "valid_from 'tomorrow' is no moment of ISO 8601"),
        ("", "2026-12-01", "valid_to '2026-12-01' names no time zone"),
        ("2026-12-01T00:00Z", "2026-12-01T00:00Z", "valid_to is not after valid_from"),
    ],
)
def test_dates_that_cannot_be_are_named(begins, ends, fault):
    text = f"prefix,per_minute,valid_from,valid_to\n48,0.06,{begins},{ends}\n"

    assert faults(of_csv, text)[0].startswith(f"line 2: {fault}")


def test_every_bad_line_is_named_in_order_doubles_among_them():
    text = "prefix,per_minute\n48,0.06\n4x,1\n+48,0.07\n49,x\n48,0.08\n"

    assert [fault.split(":")[0] for fault in faults(of_csv, text)] == [
        f"line {number}" for number in (3, 4, 5, 6)
    ]


def test_the_latest_moment_is_read_in_utc():
    (line,) = of_csv("prefix,per_minute,valid_to\n48,0.06,2999-12-31T18:59:59-05:00\n")

    assert line.valid_to.isoformat() == "2999-12-31T23:59:59+00:00"


@pytest.mark.parametrize("reads", [of_csv, lambda text: read(io.StringIO(text))])
def test_always_and_from_the_beginning_are_the_same(reads):
    lines = ["48,0.06,", "48,0.07,1970-01-01T01:00:00+01:00"]

    for both in (lines, lines[::-1]):
        text = "\n".join(["prefix,per_minute,valid_from", *both])
        assert faults(reads, text) == ["line 3: prefix 48 stands there twice"]


def test_one_prefix_may_stand_there_for_several_times():
    banded = "prefix,per_minute,band\n48,0.06,\n48,0.03,sat-sun\n"

    assert len(of_csv(banded)) == 2
    assert faults(of_csv, banded + "48,0.01,sat;sun\n") == [
        "line 4: prefix 48 stands there twice"
    ]


def test_of_very_many_bad_lines_the_others_are_counted():
    text = "prefix,per_minute\n" + "x,1\n" * (NAMED_AT_MOST + 7)

    told = faults(of_csv, text)

    assert len(told) == NAMED_AT_MOST + 1
    assert told[-1] == "and 7 bad lines more"


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("prefix", "column 'per_minute' is missing"),
        ("prefix,per_minute,colour", "column 'colour' is unknown"),
        ("prefix,per_minute,band,band", "column 'band' is there twice"),
        ("", "column 'prefix' is missing"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(header, fault):
    assert fault in faults(of_csv, f"{header}\n48\n")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (NOON.replace(tzinfo=None), "is a datetime, neither text nor a number"),
        ("=A1", "'=A1' is a formula: put its value there"),
        ("ba\0nd", "'ba\\x00nd' holds a control character"),
    ],
)
def test_a_header_that_is_no_text_is_named(cell, fault):
    rows = [(1, ["prefix", "per_minute", cell]), (2, ["48", "0.06", ""])]

    (told,) = faults(kept, iter(rows))

    assert told.startswith("line 1: ")
    assert told.endswith(fault)


def test_a_csv_that_breaks_off_is_refused():
    assert faults(of_csv, 'prefix,per_minute\n48,"0.06\n')[0].startswith("line 2: ")


def test_numbers_of_a_workbook_are_the_decimals_that_they_show(tmp_path):
    found = of_cells(
        tmp_path,
        ["prefix", "per_minute", "setup", "step"],
        ["48", 0.1, 1e-06, 60],
        [4877, 1, 123456.789, 6.0],
        [487744178801.0, "0.06", None, "30"],
        [None, None, None, None],
        ["+49", 0.07, 0, 1],
    )

    assert found == [
        Line("48", Rate(100_000, setup=1, step=60)),
        Line("4877", Rate(1_000_000, setup=123_456_789_000, step=6)),
        Line("487744178801", Rate(60_000, step=30)),
        Line("49", Rate(70_000)),
    ]


def test_a_computed_number_is_refused_for_the_digits_that_are_not_shown():
    rows = [(1, ["prefix", "per_minute"]), (2, ["48", 0.1 + 0.2])]  # as Excel keeps it

    assert faults(kept, iter(rows)) == [
        "line 2: '0.30000000000000004' has more than six decimals"
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (["48", 1 / 3], "'0.3333333333333333' has more than six decimals"),
        (["48", "=1/3"], "'=1/3' is a formula: put its value there"),
        (["48", "1,234.56"], "'1,234.56' is not an amount such as 12.30"),
        (["48", NOON.replace(tzinfo=None)], "is a datetime, neither text nor a number"),
        (["48", True], "True is a bool, neither text nor a number"),
        (["48", None], "per_minute is empty"),
        ([48.5, 0.06], "prefix '48.5' is not digits"),
        ([4.8e20, 0.06], "prefix '480000000000000000000' is not 1 to 15 digits"),
        (["48", 0.06, "?"], "it has not as many fields as the header"),
    ],
)
def test_a_cell_that_is_no_exact_value_is_named(tmp_path, cells, fault):
    told = faults(of_cells, tmp_path, ["prefix", "per_minute"], [44, 0.06], cells)

    assert told[0].startswith("line 3: ")
    assert told[0].endswith(fault)


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    file = tmp_path / "rates.xlsx"
    file.write_text("prefix,per_minute\n48,0.06\n")

    with pytest.raises(BadSheet, match="no workbook"):
        kept(rows_of_workbook(file))


def changed(file, part, change):
    """A workbook with one part of its archive changed."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


SHEET = "xl/worksheets/sheet1.xml"
NO_WORKBOOK = "it is no workbook of Excel (.xlsx), or a damaged one"


@pytest.mark.parametrize(
    ("part", "change", "fault"),
    [
        (
            SHEET,
            lambda xml: xml[: xml.index(b"49")],
            "line 3: the workbook is damaged",
        ),
        (
            SHEET,
            lambda xml: xml.replace(b"<v>0.06", b"<v>a lot"),
            "line 2: the workbook is damaged",
        ),
        (
            SHEET,
            lambda xml: xml.replace(b't="n"><v>0.06', b't="s"><v>99'),
            "line 2: the workbook is damaged",
        ),
        (SHEET, lambda _: b"", NO_WORKBOOK),
        ("xl/workbook.xml", lambda xml: xml[:99], NO_WORKBOOK),
    ],
)
def test_a_workbook_that_is_damaged_is_refused(tmp_path, part, change, fault):
    rows = ["prefix", "per_minute"], ["48", 0.06], ["49", 0.07]
    of_cells(tmp_path, *rows)
    file = tmp_path / "rates.xlsx"

    changed(file, part, change)

    assert faults(kept, rows_of_workbook(file)) == [fault]


def test_a_sheet_whose_compressed_bytes_are_wrong_is_refused(tmp_path):
    of_cells(tmp_path, ["prefix", "per_minute"], ["48", 0.06])
    file = tmp_path / "rates.xlsx"
    with ZipFile(file) as archive:
        about = archive.getinfo(SHEET)
    wrong = bytearray(file.read_bytes())
    begins = about.header_offset + 30 + len(SHEET)  # after the header of the part
    wrong[begins : begins + about.compress_size] = b"\xff" * about.compress_size
    file.write_bytes(wrong)

    assert faults(kept, rows_of_workbook(file)) == [NO_WORKBOOK]


def test_a_name_that_begins_with_an_equals_sign_is_written_as_text(tmp_path):
    file = tmp_path / "rates.xlsx"

    write_workbook(file, [Line("48", Rate(1), "=cmd()")])

    _, (_, cells) = rows_of_workbook(file)
    assert cells[1] == "=cmd()"
