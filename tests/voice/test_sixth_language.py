"""Adding a language as docs/languages.md says: Polish, as an example nobody ships."""

import re
import shutil
import tomllib

import pytest

from esl_service.voice import Duration, Prompt, Voice
from sounds.build import build, missing
from sounds.patterns import BadPhrases
from sounds.reading import SOURCE, languages_spoken, read
from tests.databases import ROOT

PAGE = (ROOT / "docs/languages.md").read_text("utf-8")
SHOWN = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def source(tmp_path):
    """The languages we have, and a sixth made by following the page."""
    for language in ("en", "fr"):
        (tmp_path / language).mkdir()
        shutil.copy(SOURCE / language / "phrases.toml", tmp_path / language)
    shutil.copytree(tmp_path / "en", tmp_path / "pl")
    script = tmp_path / "pl/phrases.toml"
    text = script.read_text("utf-8")
    for shown in SHOWN:
        text = followed(text, shown)
    script.write_text(text, "utf-8")
    return tmp_path


def followed(script, shown):
    """Put what the page shows in place of the copy's table or line of that name."""
    for title, table in re.findall(r"^\[([\w.]+)\]\n([^\[]*)", shown, re.MULTILINE):
        if title == "duration":
            script = with_plurals(script)
            name = table.partition(" ")[0]
            script = re.sub(
                rf"^{name} = .*$", table.strip(), script, flags=re.MULTILINE
            )
        else:
            script = re.sub(
                rf"^\[{re.escape(title)}\].*\n[^\[]*",
                f"[{title}]\n{table}\n",
                script,
                flags=re.MULTILINE,
            )
    return script


def with_plurals(script):
    """English things in Polish forms: the page leaves their translation to others."""
    return re.sub(
        r'one = "([^"]*)", other = "([^"]*)"',
        r'one = "\1", few = "\2", many = "\2", other = "\2"',
        script,
    )


def test_the_page_shows_tables_that_can_be_read():
    assert len(SHOWN) == 3
    for shown in SHOWN:
        assert tomllib.loads(shown)


def test_the_new_language_speaks(source, tmp_path):
    assert languages_spoken(source) == ("en", "fr", "pl")
    voice = Voice(tmp_path / "clips", source=source)

    def minutes(number):
        talk = Duration(number * 60)
        return voice.sentence("pl", Prompt.MAX_DURATION, duration=talk).words

    assert minutes(1).endswith("jedna minuta.")
    assert minutes(22).endswith("dwadzieścia dwie minuty.")
    assert minutes(25).endswith("dwadzieścia pięć minut.")


def test_it_has_a_script_for_the_actor_and_clips_for_the_callers(source, tmp_path):
    script = missing("pl", tmp_path / "clips", source=source)
    assert {clip.name for clip in script} == read("pl", source).clips.keys()

    built = build(tmp_path / "clips", ["pl"], source=source)

    assert built.clips == built.made == len(script)
    sounds = Voice(tmp_path / "clips", source=source).sounds("pl", Prompt.GOODBYE)
    assert sounds == [str(tmp_path / "clips/pl/goodbye.wav")]


def test_a_word_that_its_numbers_lack_is_named_before_anybody_calls(source):
    script = source / "pl/phrases.toml"
    text = script.read_text("utf-8")
    script.write_text(text.replace('300 = "trzysta"\n', ""), "utf-8")

    with pytest.raises(BadPhrases, match="there is no clip for “sta” of “trzysta”"):
        read("pl", source)
