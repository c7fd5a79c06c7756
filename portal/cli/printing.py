"""How answers are printed: columns for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import click

Row: TypeAlias = Mapping[str, object]

json_option: Final = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON instead of text."
)


def as_json_text(answer: object) -> str:
    """JSON as people can read it too."""
    return json.dumps(answer, ensure_ascii=False, indent=2)


def print_rows(rows: Sequence[Row], *, as_json: bool, nothing: str) -> None:
    """Print a list; `nothing` is the sentence for an empty one."""
    if as_json:
        click.echo(as_json_text(rows))
    elif rows:
        click.echo("\n".join(_columns(rows)))
    else:
        click.echo(nothing)


def print_facts(facts: Row) -> None:
    """Print what is known of one thing, a line each."""
    widest = max(map(len, facts)) + 1
    for name, value in facts.items():
        click.echo(f"{name + ':':{widest}}  {_cell(value)}".rstrip())


def moment(time: datetime | None) -> str | None:
    """A moment as JSON tells it."""
    return time.isoformat() if time else None


def _columns(rows: Sequence[Row]) -> list[str]:
    titles = list(rows[0])
    cells = [titles, *([_cell(row[title]) for title in titles] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    ]


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)
