"""Prints what ICU spells, for the tests: `python printing.py es > es.json`.

Needs PyICU, which nothing else here does. The numbers from 0 to 10,000 are kept as
one checksum a hundred, those beyond in words.
"""

import json
import random
import sys
from hashlib import sha256

RULES = {
    "en": ["spellout-cardinal"],
    "es": [
        "spellout-numbering",
        "spellout-cardinal-masculine",
        "spellout-cardinal-feminine",
    ],
    "fr": ["spellout-numbering", "spellout-cardinal-feminine"],
    "vi": ["spellout-cardinal"],
    "zh": ["spellout-cardinal", "spellout-cardinal-alternate2"],
}
LAST = 10_000
BLOCK = 100
BEYOND = sorted(random.Random(1).sample(range(LAST + 1, 1_000_000_000), 200))

SOFT_HYPHEN = "\xad"
"""ICU shows where a long word may be broken; nobody says that."""


def checksum(words: list[str]) -> str:
    """Of a block of numbers in words, short enough to be looked at."""
    return sha256("\n".join(words).encode()).hexdigest()[:16]


def printed(language: str) -> dict[str, object]:
    """All that ICU spells in one language, and which ICU that was."""
    import icu

    tag = icu.URBNFRuleSetTag.SPELLOUT
    spelled = icu.RuleBasedNumberFormat(tag, icu.Locale(language))
    rules = {}
    for name in RULES[language]:
        spelled.setDefaultRuleSet(f"%{name}")
        words = {
            number: spelled.format(number).replace(SOFT_HYPHEN, "")
            for number in (*range(LAST + 1), *BEYOND)
        }
        rules[name] = {
            "checksums": [
                checksum([words[number] for number in range(LAST + 1)[at : at + BLOCK]])
                for at in range(0, LAST + 1, BLOCK)
            ],
            "beyond": {number: words[number] for number in BEYOND},
        }
    versions = {"ICU": icu.ICU_VERSION, "PyICU": icu.VERSION}
    return {"printed by": versions, "rules": rules}


if __name__ == "__main__":
    json.dump(printed(sys.argv[1]), sys.stdout, ensure_ascii=False, indent=0)
    sys.stdout.write("\n")
