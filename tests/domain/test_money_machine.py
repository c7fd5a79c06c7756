"""Any number of calls, in any order: the books are right after every step.

A machine plays accounts, a switch that honours the stops it was given, operators who
move money and change prices, and programs that tell things late, twice, or never, and
die in the middle of whatever they do.
"""

from collections import Counter
from functools import cache
from sqlite3 import Connection

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.accounts.models import Service
from domain.base import Base
from domain.calls.rules import CallRules
from domain.database import engine_for, transactions
from domain.errors import Refusal
from domain.ledger.models import Kind
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.sheet import Line
from tests.domain.calling import wish
from tests.domain.exchange import Call, Channel, Moment, Power, Switch
from tests.domain.operating import (
    PEOPLE,
    VOUCHERS,
    Operators,
    funds,
    often,
    one,
    people,
    rates,
    survived,
    which,
)
from tests.domain.selling import sell
from tests.people import ACCESS_NUMBER, EXITS, NOON, PIN_KEYS, Town, after, new_uuid

RULES = CallRules(requests_a_minute=10**6, requests_a_day=10**6)
EXTENDED_EVERY = 15
B_RINGS = RULES.announcing + RULES.ring


@cache
def new_town() -> Connection:
    """A database in memory with a plan and three people who have nothing yet."""
    engine = engine_for("sqlite://")
    Base.metadata.create_all(engine)
    town = Town(transactions(engine))
    with town.transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = Service.CALLING_CARD
    for n in range(PEOPLE):
        number = E164(f"+4860000000{n}")
        town.welcome(f"p{n}", number=number, funds="0", calls_at_once=3)
    town.gateway("first")
    town.gateway("second", priority=2)
    return engine.raw_connection().driver_connection


class Money(Operators):
    """One plan, three accounts, and whatever may happen to them."""

    def __init__(self):
        super().__init__()
        self.engine = engine_for("sqlite://")
        new_town().backup(self.engine.raw_connection().driver_connection)
        self.transaction = Power(transactions(self.engine, RULES, PIN_KEYS))
        self.redeemed = Counter()
        self.switch = Switch()
        self.now = 0.0
        self.asked = 0

    def teardown(self):
        self.transaction.lasts()
        for channel in self.switch.live():
            self.hang_up(channel, "NORMAL_CLEARING")
        for channel in self.switch.ended():
            self.settle(channel)
        self.lost_legs_are_found()
        self.everything_balances()
        self.engine.dispose()

    @initialize(
        a=rates,
        b=rates,
        charge=st.sampled_from(LegACharge),
        money=st.tuples(funds, funds, funds),
        limit=st.none() | funds,
        credit=st.sampled_from([0, 200_000]),
    )
    def open_accounts(self, a, b, charge, money, limit, credit):
        self.pins = sell(self, VOUCHERS, value=100_000)
        with self.transaction() as services:
            plan = services.tariffs.by_name("basic")
            plan.leg_a_charge = charge
            lines = [Line("4860", a), Line("4877", b)]
            services.tariffs.replace(plan, lines, NOON)
            accounts = services.accounts.all()
            accounts[0].daily_spend = limit
            accounts[1].credit_limit = credit
            for account, amount in zip(accounts, money, strict=True):
                services.ledger.post(
                    account.id, Kind.TOP_UP, amount, reference=account.login, now=NOON
                )

    # --- what people and programs do ---------------------------------------------

    @rule(person=people, knows_whom=st.booleans(), rung=often, picks_up=often)
    @survived
    def asks(self, person, knows_whom, rung, picks_up):
        self.asked += 1
        leg_a = E164(f"+4860000{self.asked:04}")
        leg_b = E164(f"+487744178{self.asked % 90 + 10}") if knows_whom else None
        with self.transaction() as services:
            account = services.accounts.by_login(f"p{person}")
            wanted = wish(leg_a, leg_b, account.login)
            try:
                services.requests.ask(account, wanted, after(self.now))
            except Refusal:
                return
        if rung:
            self.dials()
        ringing = self.switch.live(answered=False, is_a=True)
        if picks_up and ringing:
            self.a_picks_up(len(ringing) - 1)

    @rule(person=people, proves_after=st.sampled_from([None, None, 5, 85]))
    @survived
    def rings_us(self, person, proves_after):
        """Somebody is let in at once, or answered first and let in when proved."""
        self.asked += 1
        rang = Call(self.asked, new_uuid(), f"p{person}", self.now)
        if proves_after is not None:
            self.time_passes(proves_after)
        try:
            with self.transaction() as services:
                due = rang.come_in(services, proves_after, after(self.now))
        except Refusal:
            return
        channel = Channel(due.uuid, due.session_id, True, self.now, due.stop_seconds)
        channel.pick_up(self.now)
        self.switch.channels.append(channel)
        if proves_after is not None:
            channel.answered = rang.at
            return
        with self.transaction() as services:
            services.sessions.a_answered(due.session_id, due.uuid, after(self.now))

    @rule()
    @survived
    def dials(self):
        with self.transaction() as services:
            taken = services.requests.take_due(
                after(self.now),
                exits=EXITS,
                new_uuid=new_uuid,
            )
        self.switch.channels += [
            Channel(
                due.uuid,
                due.session_id,
                is_a=True,
                rings_until=self.now + due.ring_seconds,
                stops_after=due.stop_seconds,
            )
            for due in taken
        ]

    @precondition(lambda self: self.switch.live(answered=False, is_a=True))
    @rule(n=which)
    @survived
    def a_picks_up(self, n):
        channel = one(self.switch.live(answered=False, is_a=True), n)
        channel.pick_up(self.now)
        with self.transaction() as services:
            services.sessions.a_answered(
                channel.session_id, channel.uuid, after(self.now)
            )

    @precondition(lambda self: self.users_alone())
    @rule(n=which, number=st.integers(10, 99), patience=st.integers(0, B_RINGS + 5))
    @survived
    def a_keys_a_number(self, n, number, patience):
        a = one(self.users_alone(), n)
        self.rings(a.session_id, E164(f"+487744179{number}"), patience)

    def rings(self, session_id, number, patience, rings_for=None):
        """Ring a called party, for the first time or (`rings_for`) once more."""
        b = new_uuid()
        try:
            with self.transaction() as services:
                admitted = services.sessions.admit(
                    session_id,
                    number,
                    uuid=b,
                    exits=EXITS,
                    now=after(self.now),
                    rings_for=rings_for,
                )
        except Refusal:
            return
        until = self.now + (rings_for or B_RINGS)
        channel = Channel(b, session_id, False, until, admitted.seconds)
        self.switch.channels.append(channel)
        self.time_passes(patience)
        if channel in self.switch.live(answered=False):
            self.b_picks_up(channel)

    def b_picks_up(self, channel):
        channel.pick_up(self.now)
        with self.transaction() as services:
            limit = services.sessions.b_answered(
                channel.session_id, channel.uuid, after(self.now)
            )
        assert limit >= RULES.shortest  # as was promised
        channel.stop = self.now + limit

    @precondition(lambda self: self.switch.live())
    @rule(n=which, cause=st.sampled_from(["NORMAL_CLEARING", "USER_BUSY"]))
    @survived
    def somebody_leaves(self, n, cause):
        self.hang_up(one(self.switch.live(), n), cause)

    @precondition(lambda self: self.switch.live(answered=False))
    @rule(n=which, tells_twice=st.booleans(), goes_on=often)
    @survived
    def a_carrier_fails(self, n, tells_twice, goes_on):
        """Whoever it was to ring is rung by the next gateway, on a leg of its own."""
        channel = one(self.switch.live(answered=False), n)
        self.hang_up(channel, "NORMAL_TEMPORARY_FAILURE")
        for _ in range(1 + tells_twice):
            self.settle(channel)
        if goes_on and channel.is_a:
            self.dials()
        left = int(channel.rings_until - self.now)
        has_user = any(each.is_a for each in self.switch.beside(channel))
        if goes_on and has_user and left > 0:
            self.rings(channel.session_id, E164("+48774417900"), left // 2, left)

    @precondition(lambda self: self.switch.ended())
    @rule(n=which, is_heard=often)
    @survived
    def an_end_is_told(self, n, is_heard):
        channel = one(self.switch.ended(), n)
        if is_heard:
            self.settle(channel)
            return
        with self.transaction() as services:
            services.sessions.settle_lost(channel.uuid, after(self.now))

    @rule(seconds=st.integers(0, 40) | st.sampled_from([60, 180, 600]))
    @survived
    def time_passes(self, seconds):
        until = self.now + seconds
        while self.now < until:
            next_stop = min(until, self.now + EXTENDED_EVERY, *self.switch.stops())
            self.now = max(self.now, next_stop)
            for channel in self.switch.live():
                self.honour_stops(channel)
            for channel in self.switch.live(answered=True):
                self.adopt(channel)
            for session_id in {each.session_id for each in self.switch.channels}:
                self.extend(session_id)

    # --- what goes wrong ---------------------------------------------------------

    @rule(writes=st.integers(1, 4), moment=st.sampled_from(Moment))
    def the_power_will_fail(self, writes, moment):
        self.transaction.fails(writes, moment)

    @rule()
    @survived
    def lost_legs_are_found(self):
        """Legs that were stored, and never rung because the program died."""
        known = {channel.uuid for channel in self.switch.channels}
        with self.transaction(write=False) as services:
            lost = [leg.uuid for leg in services.sessions.all_open_legs()]
        for uuid in set(lost) - known:
            with self.transaction() as services:
                services.sessions.settle_lost(uuid, after(self.now))

    # --- the switch --------------------------------------------------------------

    def users_alone(self):
        """Legs A that are up with nobody beside them, the last B settled."""
        settled = self.settled()
        return [
            a
            for a in self.switch.live(answered=True, is_a=True)
            if not self.switch.beside(a)
            and all(
                each.uuid in settled
                for each in self.switch.channels
                if each.session_id == a.session_id and each is not a
            )
        ]

    def settled(self):
        with self.transaction(write=False) as services:
            still_open = {leg.uuid for leg in services.sessions.all_open_legs()}
        return {each.uuid for each in self.switch.channels} - still_open

    def honour_stops(self, channel):
        if channel.answered is None and self.now >= channel.rings_until:
            self.hang_up(channel, "NO_ANSWER")
        elif channel.answered is not None and self.now >= channel.stop:
            self.hang_up(channel, "ALLOTTED_TIMEOUT")

    def hang_up(self, channel, cause):
        self.switch.end(channel, self.now, cause)
        if channel.is_a:
            for other in self.switch.beside(channel):
                self.switch.end(other, self.now, "ORIGINATOR_CANCEL")
        else:
            self.settle(channel)  # the script does, before it asks for the next

    def settle(self, channel):
        with self.transaction() as services:
            services.sessions.settle(channel.uuid, channel.ended, after(self.now))

    def adopt(self, channel):
        """A service that was away learns from the switch who has answered."""
        with self.transaction(write=False) as services:
            if services.sessions.leg(channel.uuid).answered_at is not None:
                return
        at, now = after(channel.answered), after(self.now)
        with self.transaction() as services:
            session_id = services.sessions.leg(channel.uuid).session_id
            if channel.is_a:
                services.sessions.a_answered(session_id, channel.uuid, at)
                return
            lasts = services.sessions.b_answered(session_id, channel.uuid, now, at)
        channel.stop = channel.answered + lasts

    def extend(self, session_id):
        with self.transaction() as services:
            ends = services.sessions.renew(session_id, after(self.now))
        for end in ends:
            self.heed(end)

    def heed(self, stop):
        for channel in self.switch.live(answered=True):
            if stop is not None and channel.uuid == stop.uuid:
                channel.stop = self.now + stop.seconds

    # --- what is always true -----------------------------------------------------

    @invariant()
    def everything_balances(self):
        with self.transaction(write=False) as services:
            sessions = services.history.sessions(limit=1000)
            for account in services.accounts.all():
                entries = services.ledger.entries(account, 1000)
                assert account.balance == sum(each.amount for each in entries)
                assert services.ledger.available(account) >= 0
                if account.daily_spend is not None:
                    spent = services.ledger.spent_in_a_day(account, after(self.now))
                    assert spent <= account.daily_spend
                own = [each for each in sessions if each.account_id == account.id]
                each_leg_is_paid_once(own, entries)
            assert not any(services.audit.faults().values())


def each_leg_is_paid_once(sessions, entries):
    paid = [each.reference for each in entries]
    assert len(paid) == len(set(paid))
    for session in sessions:
        for leg in session.legs:
            assert leg.answered_us or not leg.price
            if leg.ended_at is None:
                assert leg.uuid not in paid
            elif leg.charge is not LegACharge.IF_ANSWERED or session.ended_at:
                assert leg.uuid in paid


def test_the_books_are_right_whatever_happens():
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
