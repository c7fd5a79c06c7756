"""What came is kept for operators, whoever's format it is in, and no secret of it."""

import base64
import json
import logging
import unicodedata
from itertools import count
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect

from domain.messages.sms import Sms, SmsPart
from portal.carriers.base import Hook
from portal.carriers.posted import LONGEST, noted, posted
from tests.carriers.everyone import NAMES, everyone, post_of
from tests.carriers.posts import portal_of, stored
from tests.carriers.rewriting import Rewriter
from tests.people import ACCESS_NUMBER, ANNA, NOON

FORMATS = [
    *("46elks/text", "aws/text", "bandwidth/text", "capcom6/text", "generic/json"),
    *("generic/form", "httpsms/text", "infobip/text", "jasmin/text", "jasmin/by-get"),
    *("jasmin/ucs2", "kannel/by-template", "kannel/by-post", "kannel/utf-16"),
    *("kannel/part-1", "modem/text", "modem/part", "playsms/by-post"),
    *("playsms/custom-feature", "plivo/text", "sinch/text", "sinch/part-1"),
    *("smseagle/by-get", "smseagle/text", "telnyx/text", "twilio/text"),
    *("twilio/by-get", "vonage/form", "vonage/by-get", "vonage/json-unicode"),
    *("vonage/part-1", "vonage_messages/text"),
]
PASSWORDS = st.text(
    st.characters(
        codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters=",;"
    ),
    min_size=6,
    max_size=20,
).map(lambda made: f"zq{made}")
COMMANDS = st.sampled_from(
    [
        "U.anna P.{} D.48774417880",
        "P.{} U.anna I",
        "P.{}",
        "login anna password {}",
        "B.office P {}",
        "{}",
    ]
)
_numbers = count()


def test_every_carrier_has_its_format_tried():
    assert {name.partition("/")[0] for name in FORMATS} == set(NAMES)


def everything(url):
    """All that the database holds, as one text."""
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = inspect(engine).get_table_names()
        found = [
            str(row)
            for table in tables
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
        ]
    engine.dispose()
    return "\n".join(found)


def spellings(secret):
    """How a secret may be written within something else."""
    for each in {secret, secret.upper(), unicodedata.normalize("NFKC", secret)}:
        octets = each.encode()
        yield from (each, quote(each), quote_plus(each), json.dumps(each)[1:-1])
        yield from (repr(each)[1:-1], octets.hex(), each.encode("utf-16-be").hex())
        for before in (b"", b"x", b"xx"):
            whole = base64.b64encode(before + octets).decode()
            yield whole[-(-len(before) * 4 // 3) : -4]


@pytest.mark.parametrize("name", FORMATS)
def test_no_password_is_kept_or_logged_whatever_format_it_comes_in(
    transaction, town, database, caplog, name
):
    town.welcome("anna")
    portal = portal_of(transaction, everyone())
    caplog.set_level(logging.DEBUG)
    said = []

    @settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
    @given(PASSWORDS, COMMANDS)
    def tell(secret, command):
        post = Rewriter(command.format(secret), f"n{next(_numbers)}").post(name)
        answer = portal.request(
            post.target, method=post.method, headers=post.headers, body=post.body
        )
        assert answer.status_int == 200
        said.append(secret)

    tell()

    kept = everything(database) + caplog.text
    assert [
        secret
        for secret in said
        if any(spelled in kept for spelled in spellings(secret))
    ] == []
    table = "sms_parts" if "part" in name else "inbound_sms"
    rows = stored(database, table)
    assert len(rows) >= 1
    assert all(row["posted"] or name == "kannel/by-post" for row in rows)


@pytest.mark.parametrize("name", FORMATS)
def test_what_came_is_shown_with_its_text_masked(name):
    whole = "U.anna P.s3cr3t-thing D.48774417880"
    post = Rewriter(whole, "n1").post(name)
    (told,) = everyone().named(post.carrier).read(post.hook)

    shown = posted(post.hook, told)

    assert "s3cr3t" not in shown
    assert "anna" not in shown
    if isinstance(told, Sms) and name not in {"kannel/utf-16", "jasmin/ucs2"}:
        assert "U.*** P.*** D.48774417880" in shown.replace("+", " ")


def hook_of(body, **headers):
    return Hook("https://sms.example.org/sms/generic", headers, body, NOON)


def told_by(text):
    return Sms("generic", "1", ANNA, ACCESS_NUMBER, text)


def test_secrets_and_proofs_are_hidden_and_so_are_fields_nobody_knows():
    body = {
        "id": "1",
        "from": ANNA,
        "text": "I",
        "secret": "s1",
        "sig": "s2",
        "P.s3": "s4",
        "keyword": "s5",
        "more": {"deep": ["s6", 7, None, True]},
    }

    shown = json.loads(posted(hook_of(json.dumps(body).encode()), told_by("I")))

    assert shown == {
        "id": "1",
        "from": ANNA,
        "text": "I",
        "secret": "***",
        "sig": "***",
        "***": {"***": ["***", "***", None, True]},
        "keyword": "***",
    }


def test_a_text_that_was_badly_escaped_shows_no_piece_of_a_password():
    hook = hook_of(b"id=1&from=%2B48600316058&text=U.anna P.one&two=three&four")

    shown = posted(hook, told_by("U.anna P.one"))

    assert not any(piece in shown for piece in ("one", "two", "three", "four"))


@pytest.mark.parametrize("name", ["to", "id", "time", "type"])
def test_a_text_is_masked_by_whatever_name_it_goes(name):
    """A generic carrier names its fields as it likes."""
    hook = hook_of(f"{name}=P.s3cret".encode())

    assert "s3cret" not in posted(hook, told_by("P.s3cret"))


def test_a_fact_that_is_none_is_hidden():
    hook = hook_of(b"time=now,+said+anna&type=%C3%A9&text=I")

    assert posted(hook, told_by("I")) == "time=***&type=***&text=I"


def test_of_several_messages_each_keeps_its_own():
    post = post_of("infobip/two")
    first, second = everyone().named("infobip").read(post.hook)

    shown = [json.loads(posted(post.hook, each)) for each in (first, second)]

    ids = [[each["messageId"] for each in whole["results"]] for whole in shown]
    assert ids == [["i-2"], ["i-3"]]


def test_half_a_text_is_never_shown():
    """A password may have been cut in two."""
    sms = told_by("P.half-of-i")
    part = SmsPart(sms, "7", 2, 1)

    assert noted(part, hook_of(b"id=1&text=P.half-of-i")).sms.posted == "id=1&text=***"


def test_an_endless_post_is_cut():
    body = json.dumps([{"id": "1", "text": "I"}, "x" * 9, *["y"] * 5000]).encode()
    everything_else = json.dumps({"more": ["y"] * 5000, "text": "I"}).encode()

    kind = {"content-type": "application/json"}
    assert posted(hook_of(body, **kind), told_by("I")) == '[{"id":"1","text":"I"}]'
    assert len(posted(hook_of(everything_else), told_by("I"))) == LONGEST


def test_a_deep_post_is_shown_to_some_depth():
    deep = "[" * 500 + '"P.s3cret"' + "]" * 500

    shown = posted(hook_of(f'{{"text": "I", "to": {deep}}}'.encode()), told_by("I"))

    assert "s3cret" not in shown
    assert "***" in shown


@pytest.mark.parametrize("body", [b"\xff\xfe", b"text=%ff", b'{"a": "{[[["}'])
def test_what_cannot_be_read_is_not_shown(body):
    shown = posted(hook_of(body), told_by("I"))

    assert shown in (None, '{"***":"***"}')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{hello D.48774417880", "*** D.48774417880"),
        ('{"to": "123456789010"}', "*** ***"),
        ("{", "***"),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
def test_a_text_that_begins_like_json_is_taken_and_shown_as_a_text(
    transaction, database, text, shown, kind
):
    """Kannel posts the text itself."""
    portal = portal_of(transaction, everyone())
    post = post_of("kannel/by-post")
    headers = post.headers | {"Content-Type": kind}

    portal.post(post.target, text.encode(), headers=headers, status=200)

    (row,) = stored(database, "inbound_sms")
    assert row["posted"] == shown


def test_no_message_is_refused_because_its_post_cannot_be_shown(caplog):
    deep = '[{"id":' + '{"a":' * 700 + "1" + "}" * 700 + "}]"
    hook = hook_of(deep.encode(), **{"content-type": "application/json"})

    told = noted(told_by("I"), hook)

    assert told == told_by("I")
    assert "Sms(generic 1) is kept without its post: RecursionError" in caplog.text


def test_of_a_text_without_fields_only_its_masked_form_is_kept():
    plain = {"content-type": "text/plain"}

    whole = "I U.anna P.s3cret"

    assert posted(hook_of(whole.encode(), **plain), told_by(whole)) == "I U.*** P.***"
    assert posted(hook_of(f"{whole}\n".encode(), **plain), told_by(whole)) is None


def test_what_came_of_each_part_is_kept_with_the_whole_text(transaction, database):
    portal = portal_of(transaction, everyone())
    for name in ("vonage/part-3", "vonage/part-1", "vonage/part-2"):
        post = post_of(name)
        portal.post(post.target, post.body, headers=post.headers)

    (row,) = stored(database, "inbound_sms")

    places = [line.partition("concat-part=")[2][:1] for line in row["posted"].split()]
    assert places == ["1", "2", "3"]


def test_a_missed_call_is_kept_as_it_was_told(transaction, database):
    portal = portal_of(transaction, everyone())
    post = post_of("httpsms/missed-call")

    portal.post(post.target, post.body, headers=post.headers)

    (row,) = stored(database, "inbound_sms")
    assert json.loads(row["posted"])["type"] == "message.call.missed"
