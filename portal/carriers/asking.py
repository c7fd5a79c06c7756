"""Carriers that have to ask their company for something besides sending messages."""

from typing import Protocol, runtime_checkable

from requests import Session


class ErrandsWait:
    """Told to the application when a carrier has something to ask for."""


@runtime_checkable
class RunsErrands(Protocol):
    """A carrier with errands: a certificate to fetch, a subscription to confirm."""

    @property
    def has_errands(self) -> bool:
        """Whether there is something to do."""

    def run_errands(self, http: Session) -> None:
        """Do it. Raises Undelivered if it has to be tried again."""
