"""`python -m sounds`: build the clips, or list what nobody has recorded yet."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from sounds.build import Missing, build, missing
from sounds.espeak import Mute
from sounds.patterns import BadPhrases
from sounds.studio import BadRecording

DEFAULT_FOLDER = Path("var/sounds")
BAR = 40
"""Letters of the progress bar."""


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Do what the command line asks; return a sentence if it cannot be done."""
    asked = _parser().parse_args(arguments)
    try:
        report = _built(asked) if asked.command == "build" else _missing(asked)
    except (BadPhrases, BadRecording, Mute, OSError) as error:
        return str(error)
    sys.stdout.write(f"{report}\n")
    return None


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m sounds", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    builds = commands.add_parser("build", help="make the clips that changed")
    builds.add_argument("--words-only", action="store_true", help="make no sound")
    builds.add_argument("--synthesizer", help="a command to speak for espeak-ng")
    builds.add_argument(
        "languages", nargs="*", help="such as en; all, if none is named"
    )
    lists = commands.add_parser("missing", help="list the clips still to be recorded")
    lists.add_argument("language", help="such as en")
    for command in (builds, lists):
        command.add_argument(
            "--to", type=Path, default=DEFAULT_FOLDER, metavar="FOLDER"
        )
    return parser


def _built(asked: Namespace) -> str:
    built = build(
        asked.to,
        asked.languages or None,
        words_only=asked.words_only,
        synthesizer=asked.synthesizer,
        progress=show_progress if sys.stderr.isatty() else lambda _done, _of: None,
    )
    return f"{asked.to}: {built}"


def show_progress(done: int, of: int) -> None:
    """Draw a bar on the line that the terminal's cursor is in."""
    bar = "█" * (done * BAR // of)
    end = "\n" if done == of else ""
    sys.stderr.write(f"\r{bar:░<{BAR}} {done}/{of}{end}")
    sys.stderr.flush()


def _missing(asked: Namespace) -> str:
    clips = missing(asked.language, asked.to)
    lines = [f"{_state(clip):12}{clip.name:28}{clip.words}" for clip in clips]
    return "\n".join([*lines, f"{len(clips)} clips to be recorded"])


def _state(clip: Missing) -> str:
    return "synthesised" if clip.synthesised else "absent"


if __name__ == "__main__":
    sys.exit(main())
