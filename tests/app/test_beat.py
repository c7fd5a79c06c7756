"""What is done again and again is done at the same moments."""

from hypothesis import given
from hypothesis import strategies as st

from esl_service.beat import Beat

PERIODS = st.sampled_from([0.05, 0.2, 0.5, 1.0, 5.0, 30.0])


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_periods_meet_where_one_is_a_multiple_of_the_other():
    watch = Watch()
    beat = Beat(watch)
    watch.now += 0.33

    assert round(beat.left(0.05), 6) == 0.02
    assert round(beat.left(0.5), 6) == 0.17
    assert round(beat.left(1.0), 6) == 0.67


@given(since=st.floats(0, 1e6), period=PERIODS)
def test_nobody_waits_much_longer_than_a_period_or_hardly_at_all(since, period):
    watch = Watch()
    beat = Beat(watch)
    watch.now += since

    assert 0.08 * period < beat.left(period) < 1.12 * period


def test_whoever_wakes_a_moment_early_is_not_woken_twice():
    watch = Watch()
    beat = Beat(watch)
    watch.now += 0.049

    assert round(beat.left(0.05), 6) == 0.051
