"""The record of each leg that a switch leaves on its disk, as mod_json_cdr writes it.

Written before the leg's end is told: whoever was away then can read it later.
"""

import json
from dataclasses import asdict
from pathlib import Path

from sandbox.switch.headers import HOSTNAME, Times
from sandbox.switch.wire import Event


class Records:
    """A folder of records, or none: then nothing is written."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def keep(
        self, core_uuid: str, variables: Event, times: Times, *, is_a: bool
    ) -> None:
        """Write what a leg was; `a_` tells who rang from who was rung for them."""
        if self._folder is None:
            return
        record = {
            "core-uuid": core_uuid,
            "switchname": HOSTNAME,
            "variables": variables,
            "callflow": [
                {"times": {f"{k}_time": str(v) for k, v in asdict(times).items()}}
            ],
        }
        name = f"{'a_' if is_a else ''}{variables['uuid']}.cdr.json"
        (self._folder / name).write_text(json.dumps(record), "utf-8")
