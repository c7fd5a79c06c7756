"""Posting a message to a carrier, and what its status means for us."""

from typing import Any, Final

from requests import RequestException, Response, Session

from portal.carriers.base import Undelivered

PATIENCE_S: Final = 10.0
"""To connect, and for each part of the answer."""

_LATER: Final = {408, 425, 429}
"""Refusals of the moment; every other 4xx would be refused again."""
_FIRST_REFUSAL: Final = 300
_FIRST_FAULT: Final = 500


def post(http: Session, carrier: str, url: str, **request: Any) -> Response:
    """Post and return what a carrier accepted, or raise Undelivered.

    `request` is passed on to requests. The sentence of an Undelivered never repeats
    the carrier's words: they may repeat the text of the message.
    """
    try:
        response = http.post(url, timeout=PATIENCE_S, allow_redirects=False, **request)
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


def accepted_as(response: Response, name: str) -> str:
    """The carrier's id for a message, under `name` in its answer; empty if untold."""
    try:
        told = response.json()
    except ValueError:
        return ""
    return str(told.get(name, "")) if isinstance(told, dict) else ""
