"""In which language a user is spoken to, and how they choose another."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.calls.rules import CallRules
from domain.database import engine_for, transactions
from esl_service.voice import Voice
from tests.doubles import CalledParty

ENGLISH, SPANISH = "1", "2"


class Bilingual(Voice):
    """Speaks English, and something that is called Spanish."""

    languages = ("en", "es")

    def sounds(self, language, prompt, **slots):
        spoken = language if language in self.languages else "en"
        clips = super().sounds("en", prompt, **slots)
        return [clip.replace("/en/", f"/{spoken}/") for clip in clips]


@pytest.fixture
def service(service, tmp_path):
    return replace(service, voice=Bilingual(tmp_path))


def languages_heard(channel) -> list[str]:
    """The language of each sentence, in order."""
    return [
        Path(sounds[0]).parent.name for sounds in channel.played if Path(sounds[0]).stem
    ]


def test_a_star_at_the_question_offers_each_language_in_its_own_words(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["*", SPANISH, ""])

    service.call(anna, channel, leg_b=None)

    offers = channel.played[1]
    assert [Path(clip).parent.name for clip in offers if "language" in clip] == [
        "en",
        "es",
    ]
    assert channel.told[-1] == "which-number"
    assert languages_heard(channel) == ["en", "en", "es", "es"]


def test_it_is_kept_for_this_session_alone_unless_she_says_so(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)

    service.call(anna, service.channel(keys=["*", SPANISH, ""]), leg_b=None)

    assert service.session().language == "es"
    assert service.account(anna).language is None


def test_it_is_kept_for_the_account_if_she_says_so(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    service.call(anna, service.channel(keys=["*", SPANISH, "1"]), leg_b=None)
    assert service.account(anna).language == "es"
    service.clock.pass_by(100)
    channel = service.channel()

    service.call(anna, channel, leg_b=None)

    assert languages_heard(channel) == ["es"]


def test_a_star_at_the_confirmation_is_no_failure_to_confirm(service, town):
    anna = town.welcome(announces_balance=False)
    channel = service.channel(keys=["", "", "*", SPANISH, "", "1"])

    service.call(anna, channel, leg_b=None)

    assert channel.told[-2:] == ["confirm", "which-number"]
    assert languages_heard(channel)[-2:] == ["es", "es"]


def test_a_star_cuts_an_announcement_which_is_then_said_anew(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        cuts=["connecting"], keys=[SPANISH, ""], parties=[CalledParty(talks=5)]
    )

    service.call(anna, channel)

    announced = ["balance", "max-duration", "connecting"]
    assert channel.told[:3] == announced
    assert channel.told[-4:-1] == announced
    assert languages_heard(channel) == ["en", "en", "es", "es", "es"]
    assert len(channel.dialled) == 1


@pytest.mark.parametrize("keyed", ["", "9", "*", "#"])
def test_whoever_chooses_nothing_is_asked_again_in_the_language_they_had(
    service, town, keyed
):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["*", keyed])

    service.call(anna, channel, leg_b=None)

    assert "keep-language" not in channel.told
    assert channel.told[-1] == "which-number"
    assert languages_heard(channel)[-1] == "en"


def test_a_star_among_the_keys_of_a_number_asks_for_a_language_too(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(keys=["0048*", SPANISH, ""])

    service.call(anna, channel, leg_b=None)

    assert languages_heard(channel)[-1] == "es"


def test_why_nobody_was_reached_is_said_again_in_the_language_chosen(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    channel = service.channel(
        keys=["*", SPANISH, ""], parties=[CalledParty(cause="USER_BUSY")]
    )

    service.call(anna, channel)

    assert channel.told[-2:] == ["busy", "which-number"]
    assert languages_heard(channel)[-1] == "es"


@pytest.mark.parametrize(
    ("accounts", "access_numbers", "sites", "spoken"),
    [
        ("es", "en", "en", "es"),
        (None, "es", "en", "es"),
        (None, None, "es", "es"),
        ("en", "es", "es", "en"),
        ("zh", None, "es", "en"),
    ],
)
def test_without_a_choice_the_account_s_then_the_access_number_s_then_the_site_s(
    service, town, database, accounts, access_numbers, sites, spoken
):
    engine = engine_for(database)
    town.transaction = transactions(engine, CallRules(language=sites))
    anna = town.welcome(
        confirms_leg_a=False, announces_balance=False, language=accounts
    )
    with town.transaction() as services:
        services.accounts.access_numbers()[0].language = access_numbers
    channel = service.channel()

    service.call(anna, channel, leg_b=None)
    engine.dispose()

    assert languages_heard(channel) == [spoken]


def test_another_key_may_be_the_one_for_languages(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    service = replace(service, keys=replace(service.keys, language="999"))
    channel = service.channel(keys=["0999", "*", "999", SPANISH, ""])

    service.call(anna, channel, leg_b=None)

    assert channel.told.count("language") == len(service.voice.languages)
    assert languages_heard(channel)[-1] == "es"


def test_without_a_key_for_languages_a_star_is_a_wrong_number(service, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    service = replace(service, keys=replace(service.keys, language=""))
    channel = service.channel(keys=["*"])

    service.call(anna, channel, leg_b=None)

    assert channel.told[-2:] == ["invalid", "which-number"]
