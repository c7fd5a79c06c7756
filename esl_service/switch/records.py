"""The record of each leg that FreeSWITCH leaves on its disk (mod_json_cdr).

It is written before the leg's end is told, and stays for whoever was away then. A
record that has been read is put into a folder of its day, for operators to keep or to
delete; one that never becomes readable is put aside.
"""

import json
import logging
import time
from itertools import islice
from pathlib import Path
from typing import Final

from esl_service.channel import Goodbye, Record
from esl_service.switch.goodbyes import goodbye_of

_log = logging.getLogger(__name__)

_ENDING: Final = ".cdr.json"
_SIDES: Final = ("a_", "")
"""What stands before the UUID in a file's name: of a leg A, of a leg B."""
_UNREADABLE: Final = "unreadable"
"""The folder of files that never became records."""

WRITTEN_WITHIN: Final = 60.0
"""Seconds after which a record that cannot be read is not being written any more."""


class Records:
    """The folder that the switch writes into, on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stuck: set[str] = set()  # told once, and not looked at again

    def waiting(self, most: int) -> list[Record]:
        """At most so many records that nobody has put away. Raises OSError."""
        names = {each.name for each in self._folder.iterdir()} - self._stuck
        files = (self._folder / name for name in sorted(names) if _is_record(name))
        read = (record for file in files if (record := self._read(file)))
        return list(islice(read, most))

    def mentions(self, uuid: str) -> bool:
        """Whether anything was written of a leg, though nobody can read it."""
        names = [f"{side}{uuid}{_ENDING}" for side in _SIDES]
        folders = (self._folder, self._folder / _UNREADABLE)
        return any((folder / name).exists() for folder in folders for name in names)

    def put_away(self, record: Record) -> None:
        """Keep a record that has been read, in the folder of the day it ended."""
        self._move(self._folder / record.name, f"{record.goodbye.ended_at:%Y-%m-%d}")

    def _read(self, file: Path) -> Record | None:
        try:
            return Record(file.name, _goodbye(json.loads(file.read_text("utf-8"))))
        except FileNotFoundError:
            return None  # another service has put it away
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            if time.time() - file.stat().st_mtime > WRITTEN_WITHIN:
                _log.error("%s is no record of a leg: %r", file.name, fault)
                self._move(file, _UNREADABLE)
            return None
        except OSError as trouble:
            self._leave(file, trouble)
            return None

    def _move(self, file: Path, folder: str) -> None:
        into = self._folder / folder
        try:
            into.mkdir(exist_ok=True)
            file.rename(into / file.name)
        except OSError as trouble:
            self._leave(file, trouble)

    def _leave(self, file: Path, trouble: OSError) -> None:
        _log.error("%s is left where it is: %s", file.name, trouble)
        self._stuck.add(file.name)


def _is_record(name: str) -> bool:
    return name.endswith(_ENDING)


def _goodbye(record: dict[str, dict[str, str]]) -> Goodbye:
    """Read a record's variables: those that its CHANNEL_HANGUP_COMPLETE carried."""
    variables = record["variables"]
    event = {f"variable_{name}": str(value) for name, value in variables.items()}
    event["Unique-ID"] = variables["uuid"]
    event["Hangup-Cause"] = variables["hangup_cause"]
    if "variable_end_uepoch" not in event:
        raise ValueError("it has no end")
    return goodbye_of(event)
