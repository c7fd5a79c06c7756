"""A password or a PIN that was told us, by whatever door, is in no row and no log."""

import json
import logging
from dataclasses import replace
from itertools import count

import pytest
from webtest import TestApp

from domain.accounts.passwords import digest
from domain.numbers import E164
from domain.vouchers.pins import drawn, grouped
from portal import application
from tests.carriers.posts import SECRET, carriers_of, signature
from tests.domain.selling import digits_of, kept_in
from tests.people import ANNA, STRANGER
from tests.portal.pages import Browser
from tests.terminal import installed

WITH_A_PASSWORD = [
    "U.anna P.{} D.48774417880",
    "U.anna P.{} I",
    "u.anna\np.{}\nb.office",
    "P.{} U.anna X",
    "U.anna P.{} CALL 48774417880",
    "CALL 48774417880 U.anna P.{}",
    "U.anna P.{} 48774417880",
    "U.anna P.{} L.fr",
    "U.anna P.{} Q.48774417880",
    "U.anna P.{} T.123",
    "U.anna P.{} R.48600316059",
    "U.anna P.{} HELP",
    "U.anna P.{}",
    "U.anna P. {} I",
    "U.anna P : {} I",
    "U.{} P.anna I",
    "U.{} P.{} I",
    "U.{} I",
    "P.{}",
    "U.anna P.{} I D.1",
    "U.anna P.{} please I",
    "U.anna P {} I",
    "U.anna.P.{} I",
    "U.anna/P.{} I",
    "U.anna PASS.{} I",
    "anna {}",
    "password {}",
    "secret={} anna",
    "D.48774417880 P {}",
    "D.48774417880 U.anna {}",
    "B.office P {}",
    "B.office pass {}",
    "CALL office password: {}",
    "B.nobody mật khẩu {}",
    "R.48600316059 P {}",
    "O.{} CALL",
    "D.{}",
    "N.{}",
    "Q.{}",
    "L.{}",
    "T.{}",
    "X U.anna {}",
    "{} U.anna I",
    "U.anna {} I",
    "{}",
    "hello {}",
    "HELP {}",
    "RATE {}",
    "Ｕ．anna Ｐ．{} Ｉ",
    "U.anna P.\u200b{} I",
    "\u202eU.anna P.{} I",
]
WITH_A_PIN = [
    "T.{}",
    "T {}",
    "T.{} please",
    "T.{} T.{}",
    "{}",
    "PIN {}",
    "CALL {} D.1",
    "D.{} D.1",
    "N.{}",
    "B.{}",
    "CALL office {}",
    "U.anna P.x T.{}",
    "U.{} P.{} I",
    "I {}",
    "X {}",
    "L.fr {}",
    "HELP {}",
    "BALANCE {}",
    "U.anna P.x {} I",
    "D.48774417880 {}",
    "Ｔ．{}",
    "T.{} 🙏",
]


_AS_LETTERS = str.maketrans("0123456789", "kvwxyzjqhf")


@pytest.fixture
def secrets():
    """Makes a secret whenever one is asked for, and remembers them all."""

    class Secrets:
        def __init__(self):
            self.told = []
            self._number = count(10_000)

        def password(self):
            # Letters alone look most like a word that may be said back.
            letters = str(next(self._number)).translate(_AS_LETTERS)
            self.told.append(f"zq{letters}")
            return self.told[-1]

        def pin(self):
            # A number that nobody could mistake for one to call: no country has 999.
            number = next(self._number)
            pin = drawn(16, lambda _: 99_900_000_000_0000 + number)
            self.told.append(pin)
            return pin

    return Secrets()


@pytest.fixture
def site(settings, database):
    """The whole portal with two carriers."""
    app = application(replace(settings, carriers=carriers_of(), database_url=database))
    yield TestApp(app, extra_environ={"REMOTE_ADDR": "192.0.2.1"})
    app.registry["inbox"].stop()
    app.registry["engine"].dispose()


def senders(town, secrets):
    """People and what each of them texts; every second one's password is right."""
    for number, text in enumerate(WITH_A_PASSWORD):
        password = secrets.password()
        person = resident(town, number, password if number % 2 else "another")
        yield person, text.replace("{}", password).replace("anna", person.login)
    for number, text in enumerate(WITH_A_PIN, start=len(WITH_A_PASSWORD)):
        pin = secrets.pin()
        person = resident(town, number, "x")
        for written in (pin, grouped(pin), grouped(pin).replace(" ", "-")):
            yield person, text.replace("{}", written).replace("anna", person.login)


def resident(town, number, password):
    person = town.welcome(f"anna{number}", number=E164(f"+48600{number:06}"))
    with town.transaction() as services:
        account = services.accounts.get(person.id)
        account.password_hash = digest(password)
    return person


def test_no_secret_is_in_any_row_or_line_whatever_door_it_came_by(
    site, town, database, secrets, caplog, capfd, tmp_path, settings
):
    caplog.set_level(logging.DEBUG)
    operator = installed(tmp_path, database)
    told = []
    for number, (person, text) in enumerate(senders(town, secrets)):
        wrong = "+48229999999" if number % 7 == 0 else "+48221000000"
        ways = [(person.number, "+48221000000"), (STRANGER, wrong)]
        for sender, ours in ways:
            for again in ("", " "):
                post_generic(site, f"{number}{sender}{again}", sender, ours, text)
        post_twilio(site, settings.public_url, number, *ways[number % 2], text)
        if number % 9 == 0:
            words = ("--from", person.number, "--to", ways[0][1], "--", text)
            told.append(operator.gives("sms", "receive", *words).output)
            told.append(operator.gives("sms", "replay", str(number + 1)).output)
    told += [operator.reads("sms", "list", "--limit", "9999")]
    told += by_other_doors(site, town, secrets)

    kept = kept_in(database) + caplog.text + "".join([*told, *capfd.readouterr()])
    found = [each for each in secrets.told if each in kept or each in digits_of(kept)]
    assert found == []
    assert len(secrets.told) > 70
    assert kept.count("not_understood") > 20
    outcomes = ("calling", "status", "no_calls", "language_set", "help", "wrong_login")
    assert [each for each in outcomes if f"'{each}'" not in kept] == []


def by_other_doors(site, town, secrets):
    """Posts that are refused, and the web's forms."""
    town.welcome()
    body = json.dumps({"id": "1", "from": ANNA, "text": f"P.{secrets.password()}"})
    wrong = {"X-Secret": "wrong"}
    refused = [
        site.post("/sms/generic", body, headers=headers, expect_errors=True).text
        for headers in (wrong, {"X-Secret": SECRET}, {})
    ]
    endless = f"P.{secrets.password()}" + "x" * 70_000
    refused.append(
        site.post(
            "/sms/generic", endless, headers={"X-Secret": SECRET}, expect_errors=True
        ).text
    )
    browser = Browser(site)
    for login in ("anna", secrets.password()):
        browser.sign_in(login, secrets.password(), status="*")
    browser.sign_in("anna", "anna-password")
    pin = secrets.pin()
    browser.fill_in("/account/top-up", pin=grouped(pin), status="*")
    return refused


def post_generic(site, number, sender, ours, text):
    told = {"id": number, "from": sender, "to": ours, "text": text}
    headers = {"X-Secret": SECRET}
    site.post_json("/sms/generic", told, headers=headers)
    while site.app.registry["inbox"].pump():  # beside its own thread
        pass


def post_twilio(site, public_url, number, sender, ours, text):
    form = {"MessageSid": f"SM{number}", "From": sender, "To": ours, "Body": text}
    request = site.RequestClass.blank("/sms/twilio", POST=form)
    body = request.body
    signed = signature(body, f"{public_url}/sms/twilio")
    site.post(
        "/sms/twilio",
        body,
        headers={"X-Twilio-Signature": signed},
        content_type="application/x-www-form-urlencoded",
    )
