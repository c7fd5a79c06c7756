"""The people of the tests: who they are, what they have, what they pay."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from domain import money
from domain.accounts.service import NewAccount
from domain.database import Transaction
from domain.ledger.models import Kind
from domain.numbers import E164
from domain.routes.exits import Exits, Trunk
from domain.services import Services
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from domain.vouchers.keys import PinKey, PinKeys

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACCESS_NUMBER = E164("+48221000000")
ANNA = E164("+48600316058")
OFFICE = E164("+48774417880")
HOTEL = E164("+4812345678")
STRANGER = E164("+15552345678")

POLAND = Rate(per_minute=60_000, first_block=1, step=1)
BRITAIN = Rate(per_minute=600_000, setup=100_000, first_block=60, step=60)

PIN_KEYS = PinKeys((PinKey("now", "n" * 32), PinKey("before", "b" * 32)))

EXITS = Exits(Trunk("carrier", ACCESS_NUMBER))
"""The gateway of the settings, and no other."""

_uuids = count(1)


def new_uuid() -> str:
    """A UUID that is different each time and the same in every run."""
    return f"00000000-0000-4000-8000-{next(_uuids):012d}"


def after(seconds: float, began: datetime = NOON) -> datetime:
    """So many seconds after noon, or after something else."""
    return began + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Person:
    """A customer, as the tests know them."""

    id: int
    login: str
    password: str
    number: E164


class Town:
    """A plan with two countries, an access number, and whoever moves in."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        with transaction() as services:
            plan = services.tariffs.create("basic", "USD")
            lines = [Line("48", POLAND, "Poland"), Line("44", BRITAIN, "Britain")]
            services.tariffs.replace(plan, lines, NOON - timedelta(days=30))
            services.accounts.open_access_number(
                ACCESS_NUMBER, carrier="generic", country="PL", language="en"
            )
            self.plan_id = plan.id

    def welcome(
        self,
        login: str = "anna",
        *,
        number: E164 = ANNA,
        funds: str = "10.00",
        **settings: object,
    ) -> Person:
        """Open an account with a registered number and money on it."""
        password = f"{login}-password"
        with self.transaction() as services:
            account = services.accounts.create(
                NewAccount(login, password, self.plan_id, "USD"), NOON
            )
            services.accounts.register(account, number, NOON)
            services.ledger.post(
                account.id,
                Kind.TOP_UP,
                money.parse(funds),
                reference=f"welcome {login}",
                now=NOON,
            )
            for name, value in settings.items():
                setattr(account, name, value)
            return Person(account.id, login, password, number)

    def gateway(
        self, name: str, prefix: str = "", *, priority: int = 1, **chosen: object
    ) -> None:
        """Keep a gateway, and let a prefix leave by it."""
        with self.transaction() as services:
            gateway = services.gateways.add(name, **chosen)
            services.gateways.lead(prefix, gateway, priority=priority)

    def faults_of(self, gateway: str) -> tuple[int, bool]:
        """The faults that a gateway has, and whether it was put to rest."""
        with self.transaction(write=False) as services:
            found = services.gateways.by_name(gateway)
            return found.faults, found.rests_until is not None

    def balance(self, person: Person) -> str:
        """What is on the account, as exact text."""
        with self.transaction(write=False) as services:
            return money.plain(services.accounts.get(person.id).balance)

    def available(self, person: Person) -> str:
        """What is left to spend."""
        with self.transaction(write=False) as services:
            account = services.accounts.get(person.id)
            return money.plain(services.ledger.available(account))

    def holds(self) -> int:
        """How many sessions hold money."""
        with self.transaction(write=False) as services:
            return len(services.ledger.open_holds())


def entries_add_up(services: Services, person: Person) -> bool:
    """Whether the balance is the sum of the ledger's entries."""
    account = services.accounts.get(person.id)
    entries = services.ledger.entries(account, limit=10_000)
    return account.balance == sum(entry.amount for entry in entries)
