"""The page of handsets."""

import re
from pathlib import Path

from sandbox.network import Kind
from sandbox.web import page


def test_the_page_shows_the_demonstrations_handsets_and_message(web):
    shown = web.get("/")

    assert shown.html.body["data-handsets"].split() == list(page.HANDSETS)
    assert shown.html.find("textarea").string == page.MESSAGE
    assert shown.html.find("input", {"name": "to"})["value"] == page.ACCESS_NUMBER


def test_every_kind_of_subscriber_can_be_chosen_on_the_page(web):
    kinds = web.get("/").html.find("select", attrs={"name": "kind"})

    assert [option["value"] for option in kinds.find_all("option")] == list(Kind)


def test_the_page_is_made_of_nothing_from_elsewhere(web):
    shown = web.get("/")
    files = [tag.get("src") or tag["href"] for tag in shown.html.select("script, link")]
    sources = [path.read_text() for path in Path(page.__file__).parent.glob("static/*")]

    assert "default-src 'self'" in shown.headers["Content-Security-Policy"]
    for file in files:
        assert web.get(file).status_int == 200
    foreign = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]+\.[a-z]")
    assert not any(foreign.search(source) for source in [shown.text, *sources])
