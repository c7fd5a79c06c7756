"""The doctor: every part is well, or it is said what to do."""

import json
import socket
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Thread

import pytest

from domain.languages import LANGUAGES

PARTS = [
    "settings",
    "database",
    "migrations",
    "carriers",
    "vouchers",
    "gateways",
    "messages",
    "switch",
    "records",
    "prompts",
]


@contextmanager
def switch(greeting, *replies):
    """An event socket that says what it is told to, to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve():
            with suppress(OSError):
                while True:
                    line, _ = door.accept()
                    with line, suppress(OSError):
                        line.settimeout(2)
                        line.sendall(greeting)
                        for reply in replies or [b""]:
                            asked.append(line.recv(100))
                            line.sendall(reply)

        asked = []
        thread = Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{door.getsockname()[1]}", asked
        door.shutdown(socket.SHUT_RDWR)
        thread.join()


def answer(body):
    """What an event socket says to an API command."""
    head = f"Content-Type: api/response\nContent-Length: {len(body)}\n\n"
    return (head + body).encode()


GREETING = b"Content-Type: auth/request\n\n"
WELCOME = b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
KNOWN = answer("=====\nName    \tcarrier\nStatus  \tUP\n=====\n")
UNKNOWN = answer("Invalid Gateway!\n")


@pytest.fixture
def prompts(operator):
    """Two clips in each language, built."""
    folder = operator.folder / "sounds"
    for language in LANGUAGES:
        (folder / language / "16000").mkdir(parents=True)
        noted = {clip: built(folder / language, clip) for clip in ("hello", "bye")}
        for name in ("words.json", "manifest.json"):
            (folder / language / name).write_text(json.dumps(noted))
    return folder


def built(folder, clip):
    """A clip at both rates, and what the build notes of it."""
    sound = f"{folder.name} {clip}".encode()
    for place in (folder, folder / "16000"):
        (place / f"{clip}.wav").write_bytes(sound)
    checksum = sha256(sound).hexdigest()
    return {"clip": checksum, "wide": checksum, "bytes": len(sound)}


def findings(operator):
    told = operator.gives("doctor", "--json")
    found = {each["name"]: each for each in json.loads(told.stdout)}
    assert list(found) == PARTS
    assert told.exit_code == (0 if all(each["ok"] for each in found.values()) else 1)
    return found


def test_all_is_well(operator, prompts):
    with switch(GREETING, WELCOME) as (address, asked):
        operator.environ["ESL_SERVICE_SWITCH_ADDRESS"] = address
        told = operator.reads("doctor")

    assert [line.split()[:2] for line in told.splitlines()] == [
        ["ok", part] for part in PARTS
    ]
    assert set(asked) == {b"auth let me in\n\n"}
    assert "let me in" not in told


@pytest.fixture
def routed(operator):
    operator.reads("gateways", "add", "carrier")
    operator.reads("routes", "add", "*", "carrier")
    return operator


@pytest.mark.parametrize(
    ("said", "ok", "told"),
    [
        (KNOWN, True, "carrier in use, known to the switch"),
        (UNKNOWN, False, "the switch knows no gateway called carrier: correct"),
        (answer("-ERR sofia Command not found!\n"), True, "could not be asked"),
        (b"", True, "could not be asked"),
    ],
)
def test_the_switch_is_asked_whether_it_knows_a_gateway(routed, said, ok, told):
    with switch(GREETING, WELCOME, said) as (address, asked):
        routed.environ["ESL_SERVICE_SWITCH_ADDRESS"] = address
        found = findings(routed)["gateways"]

    assert found["ok"] is ok
    assert told in found["text"]
    assert b"api sofia status gateway carrier\n\n" in asked


def test_of_a_switch_that_is_away_no_gateway_is_said_to_be_known(routed):
    found = findings(routed)["gateways"]

    assert found["ok"]
    assert found["text"] == (
        "carrier in use, but the switch could not be asked whether it knows that"
    )


def test_the_gateway_of_the_settings_is_asked_for_while_none_is_kept(operator):
    operator.environ["ESL_SERVICE_GATEWAY"] = "carrier"

    with switch(GREETING, WELCOME, UNKNOWN) as (address, _):
        operator.environ["ESL_SERVICE_SWITCH_ADDRESS"] = address
        found = findings(operator)["gateways"]

    assert not found["ok"]
    assert "no gateway called carrier" in found["text"]


def test_settings_that_are_missing_are_all_named(operator):
    operator.environ["PORTAL_SESSION_SECRET"] = None
    operator.environ["PORTAL_CARRIERS_GENERIC_SECRET"] = "short"

    found = findings(operator)["settings"]

    assert not found["ok"]
    assert "set PORTAL_SESSION_SECRET" in found["text"]
    assert "set PORTAL_CARRIERS_GENERIC_SECRET" in found["text"]


def test_a_database_that_is_not_there_is_not_made_by_looking(operator, tmp_path):
    absent = tmp_path / "absent.sqlite"
    operator.environ["DATABASE_URL"] = f"sqlite:///{absent}"

    found = findings(operator)

    assert not found["database"]["ok"]
    assert "make it with `make db`" in found["database"]["text"]
    assert not found["migrations"]["ok"]
    assert not absent.exists()


def test_a_database_that_does_not_answer_is_told_without_its_password(operator):
    operator.environ["DATABASE_URL"] = "postgresql+psycopg://me:hush@127.0.0.1:1/x"

    found = findings(operator)["database"]

    assert "does not answer (OperationalError)" in found["text"]
    assert "hush" not in found["text"]


def test_an_old_database_is_to_be_migrated(operator, tmp_path):
    (tmp_path / "old.sqlite").touch()
    operator.environ["DATABASE_URL"] = f"sqlite:///{tmp_path / 'old.sqlite'}"

    found = findings(operator)

    assert found["database"]["ok"]
    assert found["migrations"]["text"].startswith("at nothing, not ")
    assert found["migrations"]["text"].endswith("run `make db`")


def test_a_switch_that_is_not_there_is_to_be_started(operator):
    found = findings(operator)["switch"]

    assert not found["ok"]
    assert found["text"].startswith("127.0.0.1:1 does not answer")


@pytest.mark.parametrize(
    ("greeting", "reply", "said"),
    [
        (GREETING, b"Reply-Text: -ERR invalid\n\n", "'-ERR invalid'"),
        (b"Content-Type: text/rude-rejection\n\n", b"", "'text/rude-rejection'"),
        (b"\n", b"", "'nothing'"),
    ],
)
def test_a_switch_that_does_not_let_us_in_is_quoted(operator, greeting, reply, said):
    with switch(greeting, reply) as (address, _):
        operator.environ["ESL_SERVICE_SWITCH_ADDRESS"] = address
        found = findings(operator)["switch"]

    assert f"says {said}: correct ESL_SERVICE_SWITCH_PASSWORD" in found["text"]


def test_a_switch_without_a_password_is_not_even_asked(operator):
    operator.environ["ESL_SERVICE_SWITCH_PASSWORD"] = None

    assert "set ESL_SERVICE_SWITCH_PASSWORD" in findings(operator)["switch"]["text"]


def test_records_that_wait_are_counted(operator):
    (operator.folder / "records" / "a_1.cdr.json").touch()

    assert findings(operator)["records"]["text"].endswith("records, 1 waiting")


@pytest.mark.parametrize(
    ("folder", "said"),
    [("", "records.folder is not set"), ("/nowhere", "/nowhere is not there")],
)
def test_records_nobody_can_read_are_told(operator, folder, said):
    operator.environ["ESL_SERVICE_RECORDS_FOLDER"] = folder

    assert findings(operator)["records"]["text"].startswith(said)


def test_prompts_that_are_missing_are_to_be_built(operator, prompts):
    (prompts / "vi/bye.wav").unlink()
    one = findings(operator)["prompts"]
    (prompts / "zh/manifest.json").unlink()
    unfinished = findings(operator)["prompts"]
    for listed in prompts.glob("*/words.json"):
        listed.unlink()
    none = findings(operator)["prompts"]

    missing = "1 of 2 clips in vi are missing or damaged, such as bye"
    assert one["text"].startswith(f"{missing}: callers hear English in their place")
    assert unfinished["text"].startswith(f"{missing}; zh was never built: callers")
    assert none["text"].startswith("there are none in ")
    for each in (one, unfinished, none):
        assert not each["ok"]
        assert "run `sms-callback sounds build`" in each["text"]


@pytest.mark.parametrize("damaged", ["fr/bye.wav", "fr/16000/bye.wav"])
def test_a_prompt_with_other_content_than_was_built_is_told(operator, prompts, damaged):
    (prompts / damaged).write_bytes(b"fr byf")

    told = findings(operator)["prompts"]["text"]

    assert told.startswith("1 of 2 clips in fr are missing or damaged, such as bye")


def test_carriers_and_their_numbers_are_counted(operator):
    operator.reads("access", "add", "+48221000000", "--carrier", "generic")

    found = findings(operator)["carriers"]

    assert found["ok"]
    assert found["text"] == "generic for 1 numbers"


def test_a_number_whose_carrier_is_not_set_up_is_named(operator):
    operator.reads("access", "add", "+48221000000", "--carrier", "generic")
    settings = operator.folder / "settings.ini"
    settings.write_text(settings.read_text().replace("= generic", "= modem"))
    operator.environ["PORTAL_CARRIERS_MODEM_SECRET"] = "m" * 16

    found = findings(operator)["carriers"]

    assert not found["ok"]
    assert found["text"].startswith(
        "nobody carries the messages of +48221000000 (generic): list the carrier"
    )


def test_each_setting_that_a_carrier_misses_is_named(operator):
    settings = operator.folder / "settings.ini"
    told = settings.read_text().replace("carriers = ", "carriers = vonage telnyx ")
    settings.write_text(told)

    found = findings(operator)["carriers"]

    assert not found["ok"]
    for name in ("vonage.signature_secret", "vonage.api_key", "telnyx.public_key"):
        assert f"carriers.{name} is missing" in found["text"]
