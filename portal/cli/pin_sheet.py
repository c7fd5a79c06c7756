"""The one list of a batch's PINs: written once, for its owner only."""

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from domain import money
from domain.vouchers.batches import NewBatch, Printed
from domain.vouchers.pins import grouped


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """Where the PINs go: a new file for its owner alone, gone again if all fails."""
    if output is None:
        yield sys.stdout
        return
    try:
        door = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(door, "w", encoding="utf-8", newline="") as file:
                yield file
        except BaseException:
            output.unlink()
            raise
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error


def write(sheet: TextIO, new: NewBatch, made: Sequence[Printed]) -> None:
    """Write a line for each voucher, and see it safe on the disk."""
    rows = csv.writer(sheet, lineterminator="\n")
    rows.writerow(["serial", "pin", "value", "currency", "expires"])
    value, expires = money.plain(new.value), new.expires_on or ""
    for each in made:
        rows.writerow([each.serial, grouped(each.pin), value, new.currency, expires])
    sheet.flush()
    if sheet is not sys.stdout:
        os.fsync(sheet.fileno())
