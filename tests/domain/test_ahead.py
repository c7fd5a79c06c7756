"""Another process reads; what it finds, and what is wrong with it, arrives here."""

import os
import signal
from multiprocessing import active_children

import pytest

from domain.tariffs.ahead import ahead
from domain.tariffs.sheet import BadSheet


def count(file):
    yield from range(int(file.name))


def count_and_refuse(file):
    yield from range(int(file.name))
    raise BadSheet(["line 3: prefix 'x' is not digits", "line 9: per_minute is empty"])


def count_and_vanish(file):
    yield from range(int(file.name))
    raise FileNotFoundError(2, "No such file", str(file))


def count_and_die(file):
    yield from range(int(file.name))
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("many", [0, 1, 1_000, 2_501])
def test_everything_arrives_in_its_order(tmp_path, many):
    assert list(ahead(count, tmp_path / str(many))) == list(range(many))


def test_what_is_wrong_is_raised_here_whole(tmp_path):
    items = ahead(count_and_refuse, tmp_path / "1000")
    assert [next(items) for _ in range(1_000)] == list(range(1_000))

    with pytest.raises(BadSheet) as refusal:
        next(items)

    assert len(refusal.value.faults) == 2
    assert str(refusal.value).startswith("line 3: prefix 'x' is not digits\nline 9")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(ahead(count_and_vanish, tmp_path / "0"))


def test_a_reader_that_dies_is_told(tmp_path):
    with pytest.raises(OSError, match="has died"):
        list(ahead(count_and_die, tmp_path / "0"))


def test_whoever_has_read_enough_leaves_no_process_behind(tmp_path):
    items = ahead(count, tmp_path / "1000000")
    assert next(items) == 0

    items.close()

    assert active_children() == []
