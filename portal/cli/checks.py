"""What `doctor` looks at; each look tells what it found, or raises Ailing."""

import json
import os
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from domain.languages import LANGUAGES
from domain.settings import BadSettings
from portal.cli import event_socket
from portal.cli.site import Site
from portal.settings import Settings
from sounds.stock import Stock, read_manifest


class Ailing(Exception):
    """Something is wrong; the text says what to do about it."""


def settings(site: Site) -> str:
    """Whether the portal may start with these settings."""
    try:
        found = Settings.from_ini(site.section("app:main"), site.environ)
    except BadSettings as bad:
        raise Ailing("; ".join(bad.faults)) from bad
    carriers = " ".join(found.carriers.carriers) or "no carriers"
    return f"{found.public_url}, {carriers}"


def database(site: Site) -> str:
    """Whether the database answers. A file that is missing is not made by looking."""
    try:
        engine = site.engine
    except BadSettings as bad:
        raise Ailing("; ".join(bad.faults)) from bad
    url = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise Ailing(f"{url} is not there: make it with `make db`")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as error:
        raise Ailing(
            f"{url} does not answer ({type(error).__name__}): "
            "start it, or correct database.url"
        ) from error
    return url


def migrations(site: Site) -> str:
    """Whether the database is as the programs want it."""
    database(site)
    try:
        head = ScriptDirectory.from_config(Config(site.config)).get_current_head()
    except CommandError as error:
        raise Ailing(f"{site.config} does not say where they are: {error}") from error
    with site.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        raise Ailing(f"at {current or 'nothing'}, not {head}: run `make db`")
    return f"at {current}, the newest"


def vouchers(site: Site) -> str:
    """Whether our keys redeem every voucher that is still good."""
    migrations(site)
    try:
        keys = site.pin_keys
    except BadSettings as bad:
        raise Ailing("; ".join(bad.faults)) from bad
    with site.transaction(write=False) as services:
        missing = services.vouchers.missing_keys(site.now())
    if missing:
        told = ", ".join(f"{each!r} ({count})" for each, count in missing.items())
        raise Ailing(
            f"keys are missing or have another secret than before, {told} vouchers "
            "need them: put them back into PORTAL_VOUCHERS_KEYS, or void those vouchers"
        )
    if not keys.ids:
        return "not set up: PORTAL_VOUCHERS_KEYS is empty"
    return f"new ones under the key {keys.ids[0]!r}, of {len(keys.ids)}"


def switch(site: Site) -> str:
    """Whether the switch lets us in."""
    try:
        host, port, password = event_socket.address(site)
    except BadSettings as bad:
        raise Ailing("; ".join(bad.faults)) from bad
    try:
        with event_socket.let_in(host, port, password):
            pass
    except OSError as error:
        raise Ailing(
            f"{host}:{port} does not answer ({error}): "
            "start the switch, or correct switch.address"
        ) from error
    except event_socket.NotLetIn as refusal:
        raise Ailing(
            f"{host}:{port} says {str(refusal)!r}: correct "
            "ESL_SERVICE_SWITCH_PASSWORD, or whom the switch lets in"
        ) from refusal
    return f"{host}:{port} lets us in"


def records(site: Site) -> str:
    """Whether calls that end unheard can be paid by what the switch wrote."""
    setting = site.reader("esl_service", "esl_service").text("records.folder", "")
    if not setting:
        raise Ailing(
            "records.folder is not set: a call that ends while the ESL service is away "
            "is charged only up to its last hold"
        )
    folder = Path(setting)
    if not folder.is_dir():
        raise Ailing(f"{folder} is not there: make it, or correct records.folder")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Ailing(f"{folder}: the ESL service must read it and move files in it")
    waiting = sum(1 for file in folder.iterdir() if file.name.endswith(".cdr.json"))
    return f"{folder}, {waiting} waiting"


def prompts(site: Site) -> str:
    """Whether every clip of every language is there, and as it was built."""
    folder = Path(site.reader().text("sounds.folder", "var/sounds"))
    remedy = "run `sms-callback sounds build`"
    if not any(folder.glob("*/words.json")):
        raise Ailing(f"there are none in {folder}: {remedy}")
    told, wrong = [], []
    for language in LANGUAGES:
        clips = _clips(folder / language)
        stock = Stock(folder / language)
        faulty = sorted({*stock.lacking(clips), *stock.damaged()})
        if not clips:
            wrong.append(f"{language} was never built")
        elif faulty:
            wrong.append(
                f"{len(faulty)} of {len(clips)} clips in {language} are missing or "
                f"damaged, such as {faulty[0]}"
            )
        told.append(f"{language} {len(clips)} clips")
    if wrong:
        raise Ailing(
            f"{'; '.join(wrong)}: callers hear English in their place: {remedy}"
        )
    return ", ".join(told)


def _clips(folder: Path) -> list[str]:
    """The names of a language's clips; none if they were never built."""
    try:
        words = json.loads((folder / "words.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return list(words) if read_manifest(folder) else []
