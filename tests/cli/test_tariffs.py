"""Plans and price lists at the terminal."""

import pytest


@pytest.fixture
def sheet(tmp_path):
    def write(text, name="rates.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def test_a_plan_is_opened_and_filled(operator, sheet):
    file = sheet("prefix,per_minute,destination\n48,0.02,Poland\n44,0.01,Britain\n")

    operator.reads("plans", "create", "basic", "--currency", "EUR", "--leg-a", "never")
    told = operator.reads("rates", "import", file, "--plan", "basic")

    assert told == (
        "2 rates are in force: 2 new, 0 dearer, 0 cheaper, 0 gone, 0 unchanged\n"
    )
    assert operator.learns("plans", "list") == [
        {"name": "basic", "currency": "EUR", "leg_a": "never", "rates": 2}
    ]


def test_a_dry_run_changes_nothing(operator, sheet):
    operator.reads("plans", "create", "basic", "--currency", "USD")
    first = sheet("prefix,per_minute\n48,0.02\n44,0.01\n33,0.01\n")
    operator.reads("rates", "import", first, "--plan", "basic")
    second = sheet("\ufeffprefix,per_minute\n48,0.03\n44,0.01\n49,0.01\n")

    words = ("rates", "import", second, "--plan", "basic")
    changes = "1 new, 1 dearer, 0 cheaper, 1 gone, 1 unchanged\n"

    for _ in range(2):
        told = operator.reads(*words, "--dry-run")
        assert told == f"3 rates would be in force: {changes}"
    assert operator.reads(*words) == f"3 rates are in force: {changes}"


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
    before = seeded.learns("plans", "list")

    assert sentence in seeded.is_told("rates", "import", sheet(text), "--plan", "demo")
    assert seeded.learns("plans", "list") == before


def test_a_file_that_cannot_be_read_is_named(seeded, sheet):
    wide = sheet("prefix,per_minute\n48,0.1\n", encoding="utf-16")

    absent = seeded.is_told("rates", "import", "absent.csv", "--plan", "demo")

    assert absent == "absent.csv: No such file or directory"
    assert "is not a text in UTF-8" in seeded.is_told(
        "rates", "import", wide, "--plan", "demo"
    )


def test_a_plan_has_a_name_of_its_own_and_a_real_currency(seeded):
    twice = seeded.is_told("plans", "create", "demo", "--currency", "USD")
    unreal = seeded.is_told("plans", "create", "gold", "--currency", "dollars")

    assert twice == "there is a plan called 'demo' already"
    assert unreal == "'dollars' is no currency such as USD"
