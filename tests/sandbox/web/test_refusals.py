"""Whatever is wrong is said in a sentence, in JSON."""

import pytest

ANNA = "+48600316058"
BEN = "+48774417880"
ACCESS = "+48221234567"
SECRET = {"X-Secret": "between-us"}


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"", 400, "not JSON"),
        (b"to=1&text=2", 400, "not JSON"),
        (b"\xff\xfe{", 400, "not JSON"),
        (b"[" * 60_000, 400, "not JSON"),
        (b'"hello"', 400, "object"),
        (b'{"to": "+4812"}', 400, "'text'"),
        (b'{"to": 4812, "text": ""}', 400, "4812"),
        (b'{"to": " ", "text": ""}', 400, "'to'"),
        (b'{"to": "+4812", "text": "", "via": "a"}', 400, "via"),
        (b'{"text": "' + b"a" * 70_000 + b'"}', 413, "65536"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_reason(
    web, portal, body, status, named
):
    refused = web.post(f"/handsets/{ANNA}/sms", body, status=status)

    assert named in refused.json["error"]
    assert portal.received == []


def test_an_empty_id_cannot_tell_repetitions_and_is_refused(web):
    reply = {"id": "", "from": ACCESS, "to": ANNA, "text": "Hello"}

    refused = web.post_json("/carrier/messages", reply, headers=SECRET, status=400)

    assert "'id'" in refused.json["error"]


@pytest.mark.parametrize("number", ["12", "anna", "+4860031605800000", "%2B"])
def test_a_number_no_telephone_has_is_refused(web, number):
    refused = web.get(f"/handsets/{number}", status=400)

    assert "3 to 15 digits" in refused.json["error"]


@pytest.mark.parametrize("path", ["/nowhere", "/handsets/", "/static/nothing.js"])
def test_an_unknown_path_is_told_in_json(web, path):
    assert path in web.get(path, status=404).json["error"]


def test_a_path_that_is_not_text_is_told_in_json(web):
    assert "UTF-8" in web.get("/handsets/%ff", status=400).json["error"]


def test_the_wrong_method_is_told_with_the_right_one(web):
    refused = web.get(f"/handsets/{ANNA}/answer", status=405)

    assert refused.headers["Allow"] == "POST"
    assert "GET" in refused.json["error"]


def test_another_sites_page_can_do_nothing_here(web):
    elsewhere = {"Origin": "https://elsewhere.example"}
    here = {"Origin": "http://localhost:80"}

    refused = web.put_json(
        f"/handsets/{ANNA}/behaviour", {"kind": "busy"}, headers=elsewhere, status=403
    )
    web.put_json(f"/handsets/{BEN}/behaviour", {"kind": "busy"}, headers=here)

    assert "elsewhere.example" in refused.json["error"]
    assert web.get(f"/handsets/{ANNA}").json["behaviour"]["kind"] == "manual"


def test_a_mistake_of_ours_is_logged_and_admitted(web, network, monkeypatch, caplog):
    monkeypatch.delattr(network, "_handsets")

    admitted = web.get("/handsets", status=500)

    assert "mistake" in admitted.json["error"]
    assert "GET /handsets failed" in caplog.text
