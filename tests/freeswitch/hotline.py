"""The product on a real switch, with customers of their own for every situation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import requests
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.calls.models import CallRequest, CallSession, Leg, Source
from domain.calls.requests import Wish
from domain.messages.models import OutboundSms
from domain.numbers import E164
from esl_service.voice import Prompt, Value, Voice
from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.hearing import Hearing
from tests.freeswitch.matching import was_heard
from tests.freeswitch.party import Party
from tests.freeswitch.real import Telephony
from tests.people import ACCESS_NUMBER, Person, Town
from tests.system.programs import SECRET, Programs

_customers = count(1)
_messages = count(1)


@dataclass
class Hotline:
    """One situation: a customer, their telephone, and what is said to it."""

    programs: Programs
    telephony: Telephony
    town: Town
    engine: Engine
    sounds: Path
    link: EventSocket
    """Hears what the switch plays."""
    place: int = field(default_factory=lambda: next(_customers))

    @property
    def number(self) -> E164:
        """The customer's own number."""
        return E164(f"+48600317{self.place:03d}")

    def other(self, which: int = 0) -> E164:
        """Somebody whom they may call: a number that nobody else's test rings."""
        return E164(f"+4877441{self.place:03d}{which}")

    def welcome(self, **settings: object) -> Person:
        """Open the customer's account; nothing is announced unless it is asked for."""
        quiet = {
            "confirms_leg_a": False,
            "announces_balance": False,
            "announces_duration": False,
        }
        name = f"customer{self.place}"
        return self.town.welcome(name, number=self.number, **{**quiet, **settings})

    def text(self, words: str) -> None:
        """Send an SMS from the customer's telephone, as a carrier hands it over."""
        sms = {"from": self.number, "to": ACCESS_NUMBER, "text": words}
        answer = requests.post(
            f"{self.programs.portal_url}/sms/generic",
            json={"id": f"{self.place}-{next(_messages)}", **sms},
            headers={"X-Secret": SECRET},
            timeout=20,
        )
        answer.raise_for_status()

    def person(self, number: str) -> Party:
        """Whoever has that number. Ask before they are rung."""
        return self.telephony.caller(number.removeprefix("+"))

    def ask(self, person: Person, wanted: E164 | None = None) -> None:
        """Ask on the web for a call, to somebody or to whom they will key."""
        wish = Wish(self.number, wanted, Source.WEB, person.login)
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            services.requests.ask(account, wish, datetime.now(UTC))

    def picks_up(self, person: Person, wanted: E164 | None = None) -> Party:
        """The customer asks for a call, is rung and answers."""
        customer = self.person(self.number)
        self.ask(person, wanted)
        customer.wait_ringing(15)
        customer.answer()
        return customer

    def hears(self, clip: str, *, times: int = 1, seconds: float = 20) -> None:
        """Wait until the customer is played a clip for the n-th time."""
        self._hearing.hears(clip, times=times, seconds=seconds)

    def hears_out(self, clip: str, *, times: int = 1, seconds: float = 30) -> None:
        """Wait until what that clip is part of has been said, or was cut, so often."""
        self._hearing.hears_out(clip, times=times, seconds=seconds)

    @property
    def _hearing(self) -> Hearing:
        return Hearing(self.link, self.number.removeprefix("+"))

    def was_heard(self, party: Party, *sentences: Sequence[str]) -> bool:
        """Whether each of the sentences, given by its clips, is in the recording."""
        recording = party.recording
        return all(was_heard(recording, each) for each in sentences)

    def sentence(
        self, prompt: Prompt, language: str = "en", **slots: Value
    ) -> list[str]:
        """The clips of a sentence."""
        return Voice(self.sounds).sounds(language, prompt, **slots)

    # --- what is stored ----------------------------------------------------------

    def session(self, person: Person) -> CallSession:
        """The customer's last session, with its legs."""
        with self.town.transaction(write=False) as services:
            account = services.accounts.get(person.id)
            return services.history.sessions(account, limit=1)[0]

    def account(self, person: Person) -> Account:
        """The customer's account, as it is stored."""
        with self.town.transaction(write=False) as services:
            return services.accounts.get(person.id)

    def legs(self, person: Person) -> list[Leg]:
        """The legs of the customer's last session, A first."""
        return list(self.session(person).legs)

    def is_settled(self, person: Person) -> bool:
        """Whether every leg has ended and is paid."""
        with self.town.transaction(write=False) as services:
            account = services.accounts.get(person.id)
            entries = services.ledger.entries(account, limit=100)
            paid = {entry.reference for entry in entries}
            legs = services.history.sessions(account, limit=1)[0].legs
            held = {hold.account_id for hold in services.ledger.open_holds()}
            return person.id not in held and {leg.uuid for leg in legs} <= paid

    def request(self, person: Person) -> CallRequest:
        """What the customer asked for."""
        theirs = select(CallRequest).where(CallRequest.account_id == person.id)
        with Session(self.engine) as session:
            return session.scalars(theirs).one()

    def has_asked(self, person: Person, state: str) -> bool:
        """Whether their only wish is known by now, and stands so."""
        theirs = select(CallRequest.state).where(CallRequest.account_id == person.id)
        with Session(self.engine) as session:
            return session.scalars(theirs).one_or_none() == state

    def let_it_be_time(self, person: Person) -> None:
        """Let the time come at which the customer is to be rung again."""
        soon = datetime.now(UTC) - timedelta(seconds=1)
        mine = CallRequest.account_id == person.id
        with self.engine.begin() as connection:
            connection.execute(update(CallRequest).where(mine).values(due_at=soon))

    def sms_to(self, number: str) -> list[str]:
        """The texts of all that was sent there, or waits to be."""
        wanted = select(OutboundSms.text).where(OutboundSms.recipient == number)
        with self.engine.connect() as connection:
            return list(connection.scalars(wanted.order_by(OutboundSms.id)))
