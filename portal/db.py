"""A request's way to the database.

`request.services` is one transaction: pyramid_tm commits it when the view returns and
rolls it back when anything is raised, so a page that refuses has done nothing.
`request.registry["transaction"]` opens a short transaction of its own.
"""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final

import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from domain.calls.rules import CallRules
from domain.database import begin, engine_for, transactions
from domain.services import Services
from domain.vouchers.keys import PinKeys

_log = logging.getLogger(__name__)

_CARRIERS: Final = re.compile(r"/sms/[a-z0-9_]+")
_TURN_S: Final = 0.0005
"""How long one thread computes while others wait to go on. Python's own 5 ms would be
added to every statement of a transaction that another program may be waiting for."""


def includeme(config: Configurator) -> None:
    """Give the application its engine, and requests their services and clock."""
    sys.setswitchinterval(_TURN_S)
    connect(config.registry, config.registry["settings"].database_url)
    config.add_settings(
        {
            "tm.manager_hook": "pyramid_tm.explicit_manager",
            "tm.activate_hook": "portal.db.is_for_people",
            "tm.annotate_user": False,
        }
    )
    config.add_request_method(_services, "services", reify=True)
    config.add_request_method(_now, "now", reify=True)


def connect(registry: Registry, url: str) -> None:
    """Let an application work on a database."""
    engine = engine_for(url)
    registry["engine"] = engine
    registry["sessions"] = sessionmaker(engine)
    registry["transaction"] = transactions(
        engine, _rules(registry), _pin_keys(registry)
    )


def is_for_people(request: Request) -> bool:
    """Whether a request is one transaction: a carrier's has short ones of its own."""
    return not _CARRIERS.fullmatch(request.environ["PATH_INFO"])


def is_reachable(request: Request) -> bool:
    """Whether the database answers and has its tables."""
    try:
        with request.registry["transaction"](write=False) as services:
            services.requests.anything_due(request.now)
    except SQLAlchemyError as error:
        _log.error("the database does not answer: %s", str(error).partition("\n")[0])
        return False
    return True


def _services(request: Request) -> Services:
    session = request.registry["sessions"]()
    writes = request.method not in {"GET", "HEAD"}
    # Joined as changed, a session is committed however its rows were written.
    zope.sqlalchemy.register(
        session,
        initial_state="changed" if writes else "active",
        transaction_manager=request.tm,
    )
    begin(session, write=writes)
    return Services(session, _rules(request.registry), _pin_keys(request.registry))


def _rules(registry: Registry) -> CallRules:
    return CallRules(language=registry["settings"].language)


def _pin_keys(registry: Registry) -> PinKeys:
    keys: PinKeys = registry["settings"].pin_keys
    return keys


def _now(_: Request) -> datetime:
    """One reading of the clock for the whole request."""
    return datetime.now(UTC)
