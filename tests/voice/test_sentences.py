"""Sixty sentences in each language: their words, their clips, and the rule for each.

The tables in `sentences/` are for native speakers to read and to correct;
`rules.toml` tells what each rule says, and where it can be looked up.
"""

import csv
import tomllib
from pathlib import Path

import pytest

from domain.languages import LANGUAGES
from domain.money import parse
from esl_service.voice import Amount, Digits, Duration, Prompt, Voice

TABLES = Path(__file__).parent / "sentences"
RULES = tomllib.loads((TABLES / "rules.toml").read_text("utf-8"))

voice = Voice(Path("clips"))


def table(language):
    with (TABLES / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def slots(prompt, value):
    """The value of a line, such as `12.30 USD` or `1:30:00`, for the prompt's slot."""
    read = {"money": money, "duration": duration, "count": int}
    return {slot: read.get(slot, Digits)(value) for slot in prompt.slots}


def money(value):
    amount, currency = value.split()
    return Amount(parse(amount), currency)


def duration(value):
    hours, minutes, seconds = map(int, value.split(":"))
    return Duration((hours * 60 + minutes) * 60 + seconds)


EVERY_LINE = [(language, line) for language in LANGUAGES for line in table(language)]


@pytest.mark.parametrize(
    ("language", "line"),
    EVERY_LINE,
    ids=[f"{language}-{line['rule']}-{line['value']}" for language, line in EVERY_LINE],
)
def test_a_sentence_is_said_as_a_native_speaker_would(language, line):
    prompt = Prompt(line["prompt"])

    sentence = voice.sentence(language, prompt, **slots(prompt, line["value"]))

    assert sentence.words == line["text"]
    assert list(sentence.clips) == line["clips"].split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_sixty_sentences_and_every_rule_has_one(language):
    lines = table(language)

    assert len({(line["prompt"], line["value"]) for line in lines}) == len(lines) == 60
    used = {line["rule"] for line in lines}
    assert used <= RULES[language].keys() | RULES["any"].keys()
    assert used >= RULES[language].keys()


def test_every_rule_has_its_source():
    rules = [rule for name in ("any", *LANGUAGES) for rule in RULES[name].values()]

    assert {rule["source"] for rule in rules} == RULES["sources"].keys()
    assert all(rule["says"] for rule in rules)
