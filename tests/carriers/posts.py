"""Posts of carriers, and a portal with nothing but the door they come to."""

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from pyramid.config import Configurator
from sqlalchemy import create_engine, text
from webtest import TestApp

from domain.settings import SettingsReader
from portal.carriers.settings import CarrierBook, read_carriers
from portal.carriers.webhook import MessagesWait, RepliesWait
from portal.inbox import Inbox
from tests.people import NOON

PAYLOADS = Path(__file__).parent / "payloads"
PUBLIC_URL = "https://sms.example.org"
SECRET = "shared-by-us-two"
TOKEN = "0123456789abcdef0123456789abcdef"
ENVIRON = {
    "PORTAL_CARRIERS_GENERIC_SECRET": SECRET,
    "PORTAL_CARRIERS_TWILIO_AUTH_TOKEN": TOKEN,
}
SECTION = {
    "carriers": "generic twilio",
    "carriers.generic.send_url": "http://127.0.0.1:9/never-asked",
}


@dataclass(frozen=True)
class Settings:
    """What the door asks of the portal's settings."""

    carriers: CarrierBook
    public_url: str = PUBLIC_URL
    outbox_enabled: bool = False
    session_secret: str = "s" * 40
    messages_kept: timedelta = timedelta(days=90)


def carriers_of(**changes: str) -> CarrierBook:
    """The carriers of the usual settings, some of them changed (`a__b` for `a.b`)."""
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    reader = SettingsReader("portal", SECTION | changed, ENVIRON)
    book = read_carriers(reader)
    reader.check()
    return book


def portal_of(
    transaction, carriers: CarrierBook, *includes: str, now=lambda: NOON, **settings
) -> TestApp:
    """A portal's application with these carriers."""
    with Configurator() as config:
        config.registry["settings"] = Settings(carriers, **settings)
        config.registry["transaction"] = transaction
        config.add_request_method(lambda _: now(), "now", reify=True)
        config.set_default_csrf_options(require_csrf=True)
        for each in ("portal.carriers", *includes):
            config.include(each)
        work_at_once(config, now)
        return TestApp(config.make_wsgi_app())


def work_at_once(config: Configurator, now) -> None:
    """Let what waits after an answer be worked before the test goes on."""
    registry = config.registry
    inbox = Inbox(
        registry["transaction"],
        registry["seal"],
        now,
        kept=registry["settings"].messages_kept,
        answered=lambda: registry.notify(RepliesWait()),
        at_once=registry["settings"].carriers.replying_at_once,
    )
    config.add_subscriber(lambda _: inbox.pump(), MessagesWait)


def payload(name: str) -> bytes:
    """A body as a carrier sent it."""
    return (PAYLOADS / name).read_bytes()


def signature(body: bytes, url: str = f"{PUBLIC_URL}/sms/twilio") -> str:
    """What Twilio would sign a form with."""
    form = parse_qsl(body.decode(), keep_blank_values=True)
    signed = url + "".join(name + value for name, value in sorted(form))
    digest = hmac.new(TOKEN.encode(), signed.encode(), "sha1").digest()
    return base64.b64encode(digest).decode()


def post_generic(portal: TestApp, name: str, secret: str = SECRET):
    """Post a payload as the generic carrier; whatever is answered comes back."""
    kind = "json" if name.endswith("json") else "x-www-form-urlencoded"
    return portal.post(
        "/sms/generic",
        payload(name),
        headers={"X-Secret": secret},
        content_type=f"application/{kind}",
        expect_errors=True,
    )


def post_twilio(portal: TestApp, name: str, signed: str | None = None):
    """Post a payload as Twilio; whatever is answered comes back."""
    body = payload(name)
    return portal.post(
        "/sms/twilio",
        body,
        headers={"X-Twilio-Signature": signed or signature(body)},
        expect_errors=True,
    )


def stored(url: str, table: str) -> list[dict[str, object]]:
    """Every row of a table, as it lies in the database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))  # noqa: S608
        rows = [dict(row) for row in found.mappings()]
    engine.dispose()
    return rows
