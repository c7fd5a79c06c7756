"""Handing a message to a carrier, and what its status means for us."""

from typing import Any, Final

from requests import RequestException, Response, Session

from portal.carriers.base import Undelivered
from portal.carriers.reading import value_at

PATIENCE_S: Final = 10.0
"""To connect, and for each part of the answer."""

_LATER: Final = {408, 425, 429}
"""Refusals of the moment; every other 4xx would be refused again."""
_FIRST_REFUSAL: Final = 300
_FIRST_FAULT: Final = 500


def post(
    http: Session, carrier: str, url: str, method: str = "POST", **request: Any
) -> Response:
    """Post and return what a carrier accepted, or raise Undelivered.

    `request` is passed on to requests. The sentence of an Undelivered never repeats
    the carrier's words: they may repeat the text of the message.
    """
    try:
        response = http.request(
            method, url, timeout=PATIENCE_S, allow_redirects=False, **request
        )
    except RequestException as error:
        raise Undelivered(
            f"{carrier} could not be reached: {type(error).__name__}", retry=True
        ) from error
    status = response.status_code
    if status >= _FIRST_REFUSAL:
        raise Undelivered(
            f"{carrier} answered with status {status}",
            retry=status in _LATER or status >= _FIRST_FAULT,
        )
    return response


def json_of(response: Response) -> object:
    """What was answered as JSON; None if it is none."""
    try:
        return response.json()
    except ValueError:
        return None


def accepted_as(response: Response, *path: str | int) -> str:
    """The carrier's id for a message, at a path in its answer; empty if untold."""
    told = value_at(json_of(response), *path)
    return str(told) if isinstance(told, str | int) else ""
