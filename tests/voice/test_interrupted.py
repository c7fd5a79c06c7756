"""Whoever presses Ctrl-C while the clips are made leaves nothing behind that works."""

import os
import signal
import subprocess
import sys
import time

from tests.databases import ROOT
from tests.system.programs import eventually


def test_nobody_goes_on_making_clips_after_ctrl_c(tmp_path):
    told = ["build", "--to", tmp_path]
    building = subprocess.Popen(
        # Whoever began us may ignore Ctrl-C, and hand that down.
        ["env", "--default-signal=INT", sys.executable, "-m", "sounds", *told],  # noqa: S607 - wherever env is
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    eventually(lambda: list(tmp_path.glob("*/*.wav")))

    os.killpg(building.pid, signal.SIGINT)
    building.wait(60)

    eventually(lambda: not group_lives(building.pid))
    made = len(list(tmp_path.glob("*/*.wav")))
    time.sleep(0.5)
    assert len(list(tmp_path.glob("*/*.wav"))) == made


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
