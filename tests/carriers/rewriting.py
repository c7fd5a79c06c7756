"""Any text in any carrier's format: posts of files, written anew."""

import base64
import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from tests.carriers.everyone import Post, proved, written

TEXTS = {"Body", "body", "text", "Text", "message", "messageBody", "content"}
FIRST_WORDS = {"keyword", "messageKeyword"}
IDS = {"id", "MessageSid", "messageId", "MessageUUID", "message_uuid", "msgid"}
IDS |= {"message_id", "inboundMessageId"}


class Rewriter:
    """Says something else by the same format, as a message of its own."""

    def __init__(self, text: str, new_id: str) -> None:
        self._text = text
        self._id = new_id
        self._wide = False
        self._in_octets = False

    def post(self, name: str) -> Post:
        """The post of a file such as `kannel/by-post` with the other text, proved."""
        post = written(name)
        self._wide = name.endswith(("utf-16", "ucs2"))
        self._in_octets = name.startswith("sinch/part")
        if post.method == "GET":
            path, _, query = post.target.partition("?")
            return proved(replace(post, target=f"{path}?{self._form(query)}"))
        if post.headers.get("Content-Type") == "text/plain":
            return proved(replace(post, body=self._text.encode()))
        if post.body[:1] in b"{[":
            told = self._json("", json.loads(post.body))
            return proved(replace(post, body=json.dumps(told).encode()))
        return proved(replace(post, body=self._form(post.body.decode()).encode()))

    def _form(self, whole: str) -> str:
        pairs = parse_qsl(whole, keep_blank_values=True, encoding="latin-1")
        return urlencode(
            [(name, self._leaf(name, told)) for name, told in pairs],
            encoding="latin-1",
        )

    def _json(self, name: str, found: object) -> object:
        match found:
            case dict():
                return {key: self._json(key, each) for key, each in found.items()}
            case list():
                return [self._json(name, each) for each in found]
            case str() if found.startswith("{"):
                return json.dumps(self._json("", json.loads(found)))
            case str():
                told = self._leaf(name, found)
                return told if isinstance(told, str) else told.decode()
            case _:
                return found

    def _leaf(self, name: str, told: str) -> str | bytes:
        made: dict[str, str | bytes] = {
            "cleanText": self._text.partition(" ")[2],
            "binary": self._octets().hex(),
            **dict.fromkeys(TEXTS, self._octets()),
            **dict.fromkeys(FIRST_WORDS, self._text.split()[0].upper().encode()),
            **dict.fromkeys(IDS, self._id),
        }
        if self._wide:  # Jasmin takes each octet for a letter
            made["content"] = self._octets().decode("latin-1").encode()
        return made.get(name, told)

    def _octets(self) -> bytes:
        if self._in_octets:
            return base64.b64encode(self._text.encode())
        return self._text.encode("utf-16-be" if self._wide else "utf-8")
