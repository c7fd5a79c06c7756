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
        self._services: list[tuple[App, gevent.Greenlet]] = []

    def open(self) -> None:
        self.door.start()
        self.serve()

    def serve(self, **settings: str) -> App:
        """Put our service to work; once more, and another stands by."""
        host, port = self.door.address
        section = {**self._section, "switch.address": f"{host}:{port}", **settings}
        self.app = App(Settings.from_ini(section, SECRETS))
        self.running = gevent.spawn(self.app.run)
        self._services.append((self.app, self.running))
        wait_until(lambda: self.app._switch.ready)
        return self.app

    def close(self) -> None:
        for app, running in self._services:
            app.stop()
            running.join(5)
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
