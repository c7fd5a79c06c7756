"""Reading the JSON that a request carries, or saying what is wrong with it."""

import json
from collections.abc import Collection
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPRequestEntityTooLarge
from pyramid.request import Request

_LONGEST = 65_536  # bytes: a hundred times what any of these requests needs


def read_object(request: Request) -> dict[str, Any]:
    """Read the body as one JSON object; 400 or 413 if it is anything else.

    The type of the body is not asked for, so that a bare `curl -d` will do.
    """
    body = request.body_file.read(_LONGEST + 1)
    if len(body) > _LONGEST:
        raise HTTPRequestEntityTooLarge(f"The body is longer than {_LONGEST} bytes.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPBadRequest(f"The body is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise HTTPBadRequest("The body is JSON, but not an object in braces.")
    return found


def read_texts(
    request: Request, *names: str, optional: Collection[str] = ()
) -> dict[str, str]:
    """Read an object that has a text under each of `names`, and nothing else.

    It may have one under each of the `optional` names.
    """
    found = read_object(request)
    for name in (*names, *optional):
        if name not in found:
            if name in optional:
                continue
            raise HTTPBadRequest(f"The body has no {name!r}.")
        if not isinstance(found[name], str):
            raise HTTPBadRequest(f"{name!r} is a text in quotes, not {found[name]!r}.")
    allowed = (*names, *optional)
    if unknown := sorted(set(found) - set(allowed)):
        raise HTTPBadRequest(
            f"The body has {', '.join(allowed)}, but not {', '.join(unknown)}."
        )
    return found
