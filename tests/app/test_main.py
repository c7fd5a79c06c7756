"""`python -m esl_service`: when it starts, when it does not, and how it is stopped."""

import importlib
import logging
import os
import signal

import gevent
import pytest
from gevent import monkey

from tests.app.exchange import SECRETS

LOGGING = """
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys =
[logger_root]
level = INFO
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
"""


@pytest.fixture
def program(monkeypatch):
    """The module, without patching the process that tests it."""
    monkeypatch.setattr(monkey, "patch_all", lambda: None)
    before = {number: signal.getsignal(number) for number in (2, 15)}
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield importlib.import_module("esl_service.__main__")
    for number, handler in before.items():
        signal.signal(number, handler)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def ini(section, tmp_path):
    path = tmp_path / "system.ini"
    lines = [f"{name} = {value}" for name, value in section.items()]
    path.write_text("\n".join(["[esl_service]", *lines, LOGGING]))
    return path


@pytest.mark.parametrize("arguments", [[], ["no-such.ini"], ["a.ini", "b.ini"]])
def test_without_a_file_it_says_how_it_is_used(program, capsys, arguments):
    assert program.main(arguments) == 2
    assert "usage: python -m esl_service FILE.ini" in capsys.readouterr().err


def test_with_bad_settings_it_does_not_start_and_names_them(program, ini, capsys):
    ini.write_text(ini.read_text().replace("gateway = carrier", "gateway = a b"))

    assert program.main([str(ini)]) == 2

    told = capsys.readouterr().err
    assert "system.ini [esl_service]" in told
    assert "'a b' is no gateway" in told
    assert "switch.password is missing" in told


def test_a_file_without_its_section_names_what_is_missing(program, tmp_path, capsys):
    empty = tmp_path / "empty.ini"
    empty.write_text("[DEFAULT]\n")

    assert program.main([str(empty)]) == 2
    assert "gateway is missing" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_in_order(program, ini, monkeypatch, town, number):
    monkeypatch.setenv(*next(iter(SECRETS.items())))
    gevent.spawn_later(0.2, os.kill, os.getpid(), number)

    assert program.main([str(ini)]) == 0


def test_what_it_died_of_is_told_to_whoever_started_it(program, ini, monkeypatch, town):
    monkeypatch.setenv(*next(iter(SECRETS.items())))

    def fail(_app) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(program.App, "run", fail)

    with pytest.raises(KeyError, match="a bug"):
        program.main([str(ini)])
