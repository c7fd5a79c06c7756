"""The whole service in one process: real pumps, real database, a sandbox's switch."""

from datetime import UTC, datetime

import gevent

from domain.calls.models import Source
from domain.calls.requests import Wish
from esl_service.app import App
from esl_service.settings import Settings
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until
from tests.switch.stage import Stage

SECRETS = {"ESL_SERVICE_SWITCH_PASSWORD": "ClueCon"}


class Exchange(Stage):
    """A sandbox's switch, a town's people, and our service between them."""

    def __init__(self, town, section) -> None:
        super().__init__()
        self.town = town
        self._section = section

    def open(self) -> None:
        self.door.start()
        host, port = self.door.address
        address = {"switch.address": f"{host}:{port}"}
        self.app = App(Settings.from_ini({**self._section, **address}, SECRETS))
        self.running = gevent.spawn(self.app.run)
        wait_until(lambda: self.app._switch.ready)

    def close(self) -> None:
        self.app.stop()
        self.running.join(5)
        self.sandbox.stop()
        self.door.stop()

    def ask(self, person, *, at: datetime | None = None, sender: str = ANNA) -> None:
        """Ask for a call to the office, as an SMS would."""
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            wish = Wish(ANNA, OFFICE, Source.SMS, sender)
            services.requests.ask(account, wish, at or datetime.now(UTC))

    def legs(self) -> list:
        with self.town.transaction(write=False) as services:
            sessions = services.history.sessions(limit=1)
            return [leg for session in sessions for leg in session.legs]
