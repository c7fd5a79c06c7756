"""Price lists as workbooks (XLSX): rows read and written one by one.

openpyxl holds neither the workbook nor the sheet in memory.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile
from zlib import error as BadCompression  # noqa: N812 - it is no name for a class

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from domain.tariffs.sheet import COLUMNS, BadSheet, Line, Row, cells_of

_NUMBERS: Final = frozenset(COLUMNS) - {
    *("prefix", "destination", "valid_from", "valid_to", "band"),
}
_DAMAGE: Final = (
    *(BadZipFile, BadCompression, EOFError, RuntimeError),  # the archive; a password
    *(ParseError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError),
)
"""What is raised for a damaged workbook: openpyxl trusts whatever is in the XML."""


def rows_of_workbook(file: Path) -> Iterator[Row]:
    """The rows of the first sheet; empty ones are passed over. Raises BadSheet."""
    # openpyxl does not close what it opened and could not read
    with file.open("rb") as content, closing(_opened(content)) as book:
        width = 0
        for number, cells in enumerate(_cells(book), start=1):
            while cells and cells[-1] is None and len(cells) > width:
                cells = cells[:-1]  # noqa: PLW2901 - coloured or once used, but empty
            if cells.count(None) == len(cells):
                continue
            width = width or len(cells)
            yield number, (*cells, *(None for _ in range(width - len(cells))))


def _opened(content: BinaryIO) -> Workbook:
    try:
        return load_workbook(content, read_only=True)
    except _DAMAGE as error:
        fault = "it is no workbook of Excel (.xlsx), or a damaged one"
        raise BadSheet([fault]) from error


def _cells(book: Workbook) -> Iterator[tuple[object, ...]]:
    """The cells of each row of the first sheet. Raises BadSheet where it breaks off."""
    line = 1
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a program claims of them may be wrong
        for cells in sheet.iter_rows(values_only=True):
            yield cells
            line += 1
    except _DAMAGE as error:
        raise BadSheet([f"line {line}: the workbook is damaged"]) from error


def write_workbook(file: Path, lines: Iterable[Line]) -> None:
    """Write lines as a workbook that `rows_of_workbook` reads again, exactly."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("rates")
    sheet.append(COLUMNS)
    for line in lines:
        sheet.append(
            [
                _number(text) if name in _NUMBERS else _quoted(sheet, text)
                for name, text in zip(COLUMNS, cells_of(line), strict=True)
            ]
        )
    book.save(file)


def _number(text: str) -> int | float | str:
    """A number that people can calculate with, if a workbook can keep it exactly."""
    if "." not in text:
        return int(text)
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else text


def _quoted(sheet: WriteOnlyWorksheet, text: str) -> Cell | str:
    """Text that stays text: a name that begins with = must not become a formula."""
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
