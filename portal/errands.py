"""Errands: what a carrier has to ask of its company apart from messages.

Done by a thread, never in the request that showed the need: a certificate to fetch, a
subscription to confirm.
"""

import logging
from collections.abc import Sequence
from typing import Final

from pyramid.config import Configurator
from requests import Session

from portal.carriers.asking import ErrandsWait, RunsErrands
from portal.carriers.base import Undelivered
from portal.worker import Worker, employ

_log = logging.getLogger(__name__)

_NONE_DONE: Final = 0


class Errands(Worker):
    """Runs the carriers' errands; what fails is tried again at the next look."""

    def __init__(self, carriers: Sequence[RunsErrands]) -> None:
        super().__init__("errands")
        self._carriers = carriers
        self._http = Session()

    def pump(self) -> int:
        """Run every errand there is. Always 0: the next look is after a rest."""
        for carrier in self._carriers:
            if carrier.has_errands:
                try:
                    carrier.run_errands(self._http)
                except Undelivered as trouble:
                    _log.warning("an errand has to wait: %s", trouble)
        return _NONE_DONE

    def stop(self) -> None:
        """Stop, and hang up."""
        super().stop()
        self._http.close()


def includeme(config: Configurator) -> None:
    """Start the thread with the application, if a carrier has errands at all."""
    carriers = config.registry["settings"].carriers.carriers.values()
    runners = [each for each in carriers if isinstance(each, RunsErrands)]
    if runners:
        errands = Errands(runners)
        config.registry["errands"] = errands
        employ(config, errands, ErrandsWait)
