"""Users with money who ask for one call after the other."""

from datetime import UTC, datetime

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.database import Transaction
from domain.numbers import E164
from tests.people import Person, Town

_QUIET = {"confirms_leg_a": False, "announces_balance": False, "funds": "1000.00"}


class Crowd:
    """Users with money who ask for one call after the other."""

    def __init__(self, transaction: Transaction, numbers: list[E164]) -> None:
        self._transaction = transaction
        town = Town(transaction)
        self.people = [
            town.welcome(f"user{index}", number=number, **_QUIET)
            for index, number in enumerate(numbers)
        ]
        self.asked = 0

    def ask(self, person: Person, to: E164) -> None:
        """Let somebody ask to be rung and joined with `to`."""
        now = datetime.now(UTC)
        with self._transaction() as services:
            account = services.accounts.get(person.id)
            wish = Wish(person.number, to, Source.SMS, f"soak{self.asked}")
            services.requests.ask(account, wish, now)
        self.asked += 1

    def idle(self) -> list[Person]:
        """Who has no session now."""
        with self._transaction(write=False) as services:
            holding = {hold.account_id for hold in services.ledger.open_holds()}
        return [person for person in self.people if person.id not in holding]

    def judge(self, sessions: int) -> dict[str, int]:
        """What the books say: complete sessions, holds left, laws broken."""
        with self._transaction(write=False) as services:
            all_of_them = services.history.sessions(limit=sessions)
            complete = sum(
                sum(1 for leg in each.legs if leg.price) >= 2  # noqa: PLR2004 - A and B
                and each.ended_at is not None
                for each in all_of_them
            )
            return {
                "complete": complete,
                "holds_left": len(services.ledger.open_holds()),
                "audit_faults": sum(map(len, services.audit.faults().values())),
            }
