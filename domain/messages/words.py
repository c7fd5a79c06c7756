"""Words of the market that stand for keys, and the names of languages. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.languages import LANGUAGES
from domain.phonebook.naming import folded


class Word(StrEnum):
    """What a word asks for, whatever the language it is said in."""

    CALL = "CALL"
    BALANCE = "BALANCE"
    RATE = "RATE"
    REDIAL = "REDIAL"
    HELP = "HELP"


_WRITTEN: Final[Mapping[Word, str]] = {
    Word.CALL: "call, call me, callback, call back, dial, llamar, llama, llámame, "
    "marcar, appeler, appelle, appelez, appel, gọi, gọi cho, gọi điện, quay số, "
    "打, 打给, 打給, 打电话, 打電話, 打电话给, 打電話給, 呼叫, 拨打, 撥打, 致电, 致電",
    Word.BALANCE: "balance, saldo, solde, số dư, sodu, 余额, 餘額, 查余额, 查餘額",
    Word.RATE: "rate, price, tarifa, precio, tarif, prix, giá, cước, giá cước, "
    "费率, 費率, 资费, 資費, 价格, 價格",
    Word.REDIAL: "redial, remarcar, rellamar, recomposer, rappeler, rappel, bis, "
    "gọi lại, 重拨, 重撥",
    Word.HELP: "help, ayuda, aide, trợ giúp, giúp, 帮助, 幫助, ?",
}

_WORDS: Final = {
    folded(each): word
    for word, written in _WRITTEN.items()
    for each in written.split(", ")
}
_LONGEST: Final = max(map(len, _WORDS))

_LANGUAGES: Final[Mapping[str, str]] = {
    "english": "en",
    "spanish": "es",
    "español": "es",
    "castellano": "es",
    "french": "fr",
    "français": "fr",
    "vietnamese": "vi",
    "tiếng việt": "vi",
    "chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
    "zh-cn": "zh",
    "cn": "zh",
}
_NAMED: Final = {folded(name): code for name, code in _LANGUAGES.items()} | {
    code: code for code in LANGUAGES
}

_CARRIERS: Final = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "arret",
        "start",
        "unstop",
    ]
)
"""Words by which people forbid a carrier to bring them messages, or allow it again."""

_END: Final = re.compile(r"[\s.:=?!,;+(0-9]|$")
"""What may follow a word: `CALL48…`, `BALANCE?`."""
_CHINESE: Final = re.compile("[\u3400-\u9fff]{2,}")
_AROUND: Final = " \t\r\n.:=,;!?¿¡"


def begins_with_word(text: str) -> tuple[Word, str] | None:
    """The word that a text begins with, and the rest; None if it is none of ours.

    Case and accents do not matter. Chinese needs no space before what follows.

    >>> begins_with_word("Gọi lại"), begins_with_word("打给妈妈")
    ((<Word.REDIAL: 'REDIAL'>, ''), (<Word.CALL: 'CALL'>, '妈妈'))
    >>> begins_with_word("calling")
    """
    for end in range(min(_LONGEST, len(text)), 0, -1):
        word = _WORDS.get(folded(text[:end]))
        parted = _END.match(text, end) or _CHINESE.fullmatch(text[:end])
        if word is not None and parted:
            return word, text[end:].strip(_AROUND)
    return None


def language_named(name: str) -> str | None:
    """The code of a language by its code or name; None if it is none of ours.

    >>> language_named("FR"), language_named("Tieng Viet"), language_named("de")
    ('fr', 'vi', None)
    """
    return _NAMED.get(folded(name))


def is_the_carriers(text: str) -> bool:
    """Whether a word is between a person and their carrier; nobody answers it.

    >>> is_the_carriers("Stop."), is_the_carriers("ARRÊT"), is_the_carriers("stop it")
    (True, True, False)
    """
    return folded(text.strip(_AROUND)) in _CARRIERS
