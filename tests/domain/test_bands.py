"""Weekly time bands: read, printed, and held to the clocks of a place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.tariffs.bands import DAY, Band, NotABand, parse

WARSAW, NEW_YORK = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/New_York")

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)

CHANGES = [
    # where, when the clocks change (UTC), hours ahead of UTC before and after
    (WARSAW, datetime(2026, 3, 29, 1, tzinfo=UTC), 1, 2),
    (WARSAW, datetime(2026, 10, 25, 1, tzinfo=UTC), 2, 1),
    (NEW_YORK, datetime(2026, 3, 8, 7, tzinfo=UTC), -5, -4),
    (NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC), -4, -5),
]

spans = st.builds(
    lambda start, long: (start, min(DAY, start + long)),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
)


def days_of(drawn):
    """Spans as a band keeps them: in order, and never touching."""
    kept = []
    for start, end in sorted(drawn):
        if not kept or start > kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


weeks = st.lists(st.lists(spans, max_size=3).map(days_of), min_size=7, max_size=7)
bands = weeks.map(lambda days: Band(tuple(days))).filter(lambda band: any(band.days))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("mon-fri 08:00-18:00", "mon-fri 08:00-18:00"),
        ("Mon-Fri 8:00-18:00;  SAT,SUN", "mon-fri 08:00-18:00; sat-sun"),
        ("08:00-12:00, 13:00-18:00", "mon-sun 08:00-12:00,13:00-18:00"),
        ("fri 22:00-06:00", "fri 22:00-24:00; sat 00:00-06:00"),
        ("sun 22:00-00:00", "sun 22:00-24:00"),
        ("sat-mon", "mon; sat-sun"),
        ("mon 08:00-12:00; mon 11:00-14:00; mon 14:00-15:00", "mon 08:00-15:00"),
    ],
)
def test_a_band_is_printed_one_way_however_it_was_written(written, printed):
    assert str(parse(written)) == printed


@pytest.mark.parametrize(
    "text",
    [
        *("", ";", "mon-fri;", "mo 08:00-18:00", "mon 8-18", "mon 08:00", "always"),
        *("mon 24:00-25:00", "mon 08:60-09:00", "mon 08:00-08:00", "08:00-18:00 mon"),
    ],
)
def test_what_is_no_band_is_refused(text):
    with pytest.raises(NotABand):
        parse(text)


@given(bands)
def test_a_band_survives_being_printed_and_read(band):
    assert parse(str(band)) == band


def test_the_end_of_a_band_is_outside_it():
    band = parse("mon 08:00-18:00")

    held = [
        band.contains(MONDAY + timedelta(hours=hours, seconds=seconds), UTC)
        for hours, seconds in [(8, -1), (8, 0), (18, -1), (18, 0)]
    ]

    assert held == [False, True, True, False]


@pytest.mark.parametrize(("zone", "change", "before", "after"), CHANGES)
@given(band=bands, minute=st.integers(-2 * DAY, 2 * DAY))
@example(band=parse("sun 01:00-03:00"), minute=0)
@example(band=parse("sun 01:00-03:00"), minute=-1)
@example(band=parse("sun 02:00-02:30"), minute=30)
def test_a_band_goes_by_the_clocks_on_the_wall_when_they_change(
    zone, change, before, after, band, minute
):
    moment = change + timedelta(minutes=minute)
    on_the_wall = moment + timedelta(hours=before if minute < 0 else after)
    of_day = on_the_wall.hour * 60 + on_the_wall.minute
    expected = any(
        start <= of_day < end for start, end in band.days[on_the_wall.weekday()]
    )

    assert band.contains(moment, zone) == expected


def test_an_hour_that_is_left_out_never_comes_and_one_shown_twice_comes_twice():
    night = parse("sun 02:00-03:00")

    def minutes_in(day):
        times = [day + timedelta(minutes=minute) for minute in range(DAY)]
        return sum(night.contains(time, WARSAW) for time in times)

    assert minutes_in(datetime(2026, 3, 29, tzinfo=UTC)) == 0
    assert minutes_in(datetime(2026, 10, 25, tzinfo=UTC)) == 120
