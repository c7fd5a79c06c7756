"""Amazon's Signature Version 4 for one JSON request. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Final
from urllib.parse import urlsplit

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Key:
    """Whose request it is, and where it goes."""

    id: str
    secret: str = field(repr=False)
    region: str
    service: str


def signed(
    key: Key, url: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, str]:
    """The headers of a POST to the root of a host, its signature among them.

    `now` is in UTC.
    """
    time = now.strftime("%Y%m%dT%H%M%SZ")
    told = {name.lower(): value for name, value in headers.items()}
    told |= {"host": urlsplit(url).netloc, "x-amz-date": time}
    names = ";".join(sorted(told))
    lines = "".join(f"{name}:{told[name]}\n" for name in sorted(told))
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{time[:8]}/{key.region}/{key.service}/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"{_ALGORITHM}\n{time}\n{scope}\n{digest}"
    derived = reduce(_hmac, scope.split("/"), f"AWS4{key.secret}".encode())
    proof = _hmac(derived, to_sign).hex()
    told["authorization"] = (
        f"{_ALGORITHM} Credential={key.id}/{scope}, "
        f"SignedHeaders={names}, Signature={proof}"
    )
    return told


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
