"""What an import does, told: as JSON for programs, in words for people."""

from collections.abc import Iterator

from domain.tariffs.comparing import Difference, Some
from portal.cli.importing import Imported
from portal.cli.printing import moment


def first_of_each(changes: Difference) -> Iterator[str]:
    """The first prefixes of each kind that there is, a line each."""
    for name, some in changes.kinds().items():
        if some.count:
            more = " …" if some.count > len(some.first) else ""
            yield f"{name}: {' '.join(some.first)}{more}"


def as_json(done: Imported, *, dry_run: bool) -> dict[str, object]:
    """What was done, or in a dry run would be."""

    def told(some: Some) -> dict[str, object]:
        return {"count": some.count, "first": some.first}

    return {
        "rates": done.rates,
        "dry_run": dry_run,
        "valid_from": moment(done.valid_from),
        **{name: told(some) for name, some in done.changes.kinds().items()},
        "unchanged": done.changes.same,
    }
