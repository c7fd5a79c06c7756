"""A fuzzer for what people text: `make fuzz`, or with libFuzzer's own options.

    python tests/fuzz/commands.py -max_total_time=600 var/fuzz/commands

Bytes that break a law of `tests.domain.laws` are left in a file beside the corpus.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["domain"]):
    from tests.domain.laws import check

from tests.domain.test_commands_table import table, written

_WIDE = 1
"""The first byte's lowest bit: the rest is UTF-16, where few letters are ASCII."""


def one_input(sent: bytes) -> None:
    """Take bytes for a text, and check it."""
    encoding = "utf-16-le" if sent[:1] and sent[0] & _WIDE else "utf-8"
    check(sent[1:].decode(encoding, "replace"))


def seed(corpus: Path) -> None:
    """Put what people write into the corpus, to begin with."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, (text, _) in enumerate(table()):
        (corpus / f"table-{number}").write_bytes(b"\x00" + written(text).encode())


if __name__ == "__main__":
    seed(Path(sys.argv[-1]))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
