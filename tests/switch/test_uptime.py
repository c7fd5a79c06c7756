"""Since when the switch lives: before that it may have died without a word."""

from datetime import UTC, datetime, timedelta

from esl_service.switch.uptime import uptime

AN_HOUR = timedelta(hours=1)


def test_the_switch_tells_when_its_life_began(stage):
    stage.sandbox.began -= AN_HOUR.total_seconds()

    stage.relink()

    ago = datetime.now(UTC) - stage.switch.began_at
    assert AN_HOUR <= ago < AN_HOUR + timedelta(minutes=1)


def test_a_switch_that_has_restarted_began_then(stage):
    stage.sandbox.began -= AN_HOUR.total_seconds()
    before = datetime.now(UTC)

    stage.sandbox.restart(crashed=True)
    stage.relink()

    assert stage.switch.began_at >= before


def test_of_a_switch_that_says_something_else_nothing_older_is_believed():
    assert uptime("-ERR") == timedelta(0)
    assert uptime("") == timedelta(0)
    assert uptime("DOWN 3 days\nUP 3 days") == timedelta(0)
