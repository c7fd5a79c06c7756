"""Reading ahead in another process, where reading is most of the work.

Taking a workbook apart keeps one processor busy for a minute; judging and keeping its
rows need not wait for it.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

T = TypeVar("T")

_Fault: TypeAlias = ValueError | OSError

_AT_ONCE: Final = 1_000


def ahead(read: Callable[[Path], Iterator[T]], file: Path) -> Iterator[T]:
    """Yield what `read(file)` yields, read by another process.

    Raises the ValueError or OSError that `read` raises, and OSError if that process
    dies.
    """
    here, there = get_context("spawn").Pipe(duplex=False)
    reader = get_context("spawn").Process(target=_send, args=(there, read, file))
    reader.start()
    there.close()  # so that the end of the reader is the end of the pipe
    try:
        while batch := here.recv():
            if isinstance(batch, _Fault):
                raise batch
            yield from batch
    except EOFError as end:
        raise OSError(f"whoever read {file} has died") from end
    finally:
        here.close()
        reader.terminate()
        reader.join()


def _send(to: Connection, read: Callable[[Path], Iterator[T]], file: Path) -> None:
    """What the other process does; it waits while nobody takes what it has read."""
    items = read(file)
    try:  # what is sent is a batch, the fault that ended it, or None at the end
        while batch := list(islice(items, _AT_ONCE)):
            to.send(batch)
        to.send(None)
    except (ValueError, OSError) as fault:
        to.send(fault)
