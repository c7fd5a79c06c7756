"""The clips of every language, made once by the real synthesiser."""

import fcntl

import pytest

from sounds.build import build


@pytest.fixture(scope="session")
def voices(tmp_path_factory, worker_id):
    """The folder of all clips; whoever of several test processes comes first builds."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder if worker_id == "master" else folder.parent) / "voices"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build(folder)
    return folder
