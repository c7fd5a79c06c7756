"""`sms-callback sounds`: the prompts' audio, built or still to be recorded."""

import sys
from pathlib import Path

import click

from portal.cli.printing import json_option, print_rows
from portal.cli.site import Site
from sounds.__main__ import show_progress
from sounds.build import build, missing
from sounds.espeak import Mute
from sounds.patterns import BadPhrases
from sounds.studio import BadRecording


@click.group()
def sounds() -> None:
    """Look after the prompts' audio."""


@sounds.command("build")
@click.argument("languages", nargs=-1)
@click.pass_obj
def build_(site: Site, languages: tuple[str, ...]) -> None:
    """Make the clips that changed, of all languages or of those named (such as fr)."""
    reader = site.reader()
    folder = Path(reader.text("sounds.folder", "var/sounds"))
    try:
        built = build(
            folder,
            languages or None,
            synthesizer=reader.text("sounds.synthesizer", "") or None,
            progress=show_progress if sys.stderr.isatty() else lambda _done, _of: None,
        )
    except (BadPhrases, BadRecording, Mute, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder}: {built}")


@sounds.command("missing")
@click.argument("language")
@json_option
@click.pass_obj
def missing_(site: Site, language: str, as_json: bool) -> None:
    """List what nobody has recorded yet in LANGUAGE: the voice actor's script."""
    folder = Path(site.reader().text("sounds.folder", "var/sounds"))
    try:
        clips = missing(language, folder)
    except (BadPhrases, BadRecording) as error:
        raise click.ClickException(str(error)) from error
    rows = [
        {"clip": clip.name, "words": clip.words, "synthesised": clip.synthesised}
        for clip in clips
    ]
    print_rows(rows, as_json=as_json, nothing=f"all of {language} is recorded")
