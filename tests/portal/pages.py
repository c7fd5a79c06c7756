"""Somebody at the portal: pages asked for, forms filled in, words read."""

from dataclasses import dataclass
from datetime import datetime

from webtest import Form, TestApp, TestResponse

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.sessions import Ending
from domain.numbers import E164
from tests.people import (
    EXITS,
    NOON,
    OFFICE,
    Person,
    Town,
    after,
    new_uuid,
)


@dataclass
class Browser:
    """Asks for pages, fills in their forms, keeps cookies."""

    app: TestApp

    def get(self, path: str, **options) -> TestResponse:
        return self.app.get(path, **options)

    def read(self, path: str) -> str:
        return words(self.app.get(path))

    def sign_in(self, login: str, password: str, **options) -> TestResponse:
        form = self.app.get("/sign-in").form
        form["login"], form["password"] = login, password
        return form.submit(**options)

    def form(self, path: str, field: str) -> Form:
        """The form of a page that has this field."""
        forms = self.app.get(path).forms.values()
        return next(form for form in forms if field in form.fields)

    def fill_in(self, path: str, *, status: int = 303, **fields: str) -> TestResponse:
        """Fill in the form that has these fields, send it, read what comes."""
        form = self.form(path, next(iter(fields)))
        for name, value in fields.items():
            form[name].force_value(value)
        response = form.submit(status=status)
        return response.follow() if status == 303 else response

    def remove(self, path: str, value: str) -> TestResponse:
        """Press the button that removes `value`."""
        return self.form(path, "remove").submit("remove", value=value).follow()


def words(page: TestResponse) -> str:
    """The words of a page, parted by single spaces."""
    return " ".join(page.html.get_text(" ").replace("\xa0", " ").split())


def talk(
    town: Town, person: Person, number: E164 = OFFICE, began: datetime = NOON
) -> None:
    """A whole call: leg A up for 14.2 seconds, leg B for 7.2 of them."""

    def then(seconds: float) -> datetime:
        return after(seconds, began)

    session_id, a = rung(town, person, number, began)
    b = new_uuid()
    with town.transaction() as services:
        services.sessions.admit(session_id, number, uuid=b, exits=EXITS, now=then(6))
        services.sessions.b_answered(session_id, b, then(10))
        for uuid, up, lasted in ((b, 10, 7_200_000), (a, 5, 14_200_000)):
            ending = Ending("NORMAL_CLEARING", lasted, then(up), then(20))
            services.sessions.settle(uuid, ending, then(20))


def asked(
    town: Town, person: Person, number: E164 = OFFICE, began: datetime = NOON
) -> int:
    """A call that waits to be rung: its session."""
    with town.transaction() as services:
        account = services.accounts.get(person.id)
        wish = Wish(person.number, number, Source.SMS, person.number)
        return services.requests.ask(account, wish, began).session_id


def rung(
    town: Town, person: Person, number: E164 = OFFICE, began: datetime = NOON
) -> tuple[int, str]:
    """A call whose leg A has answered: its session, and leg A's UUID."""
    session_id = asked(town, person, number, began)
    with town.transaction() as services:
        (due,) = services.requests.take_due(began, exits=EXITS, new_uuid=new_uuid)
        services.sessions.a_answered(session_id, due.uuid, after(5, began))
    return session_id, due.uuid
