"""Synthesis by a command of the operator's, in place of espeak-ng.

It gets the words on its standard input, as UTF-8, and writes a WAV file: mono, 16
bits a sample, 8 kHz or more. In the command {file} is where, {language} what, and
{voice} the voice that phrases.toml names: `piper --model {language}.onnx -f {file}`.
"""

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sounds.espeak import Mute
from sounds.phrases import Reading

PATIENCE = 120
"""Seconds that one clip may take."""


@contextmanager
def spoken(command: str, words: str, reading: Reading) -> Iterator[Path]:
    """Have the words said; the file, for as long as this lasts. Raises Mute."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        try:
            arguments = [
                part.format(file=file, language=reading.language, voice=reading.espeak)
                for part in shlex.split(command)
            ]
            subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                arguments,
                input=words.encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip()[-200:]
            raise Mute(f"“{command}” cannot say “{words}”: {said}") from error
        except (OSError, ValueError, LookupError, subprocess.TimeoutExpired) as error:
            raise Mute(f"“{command}” cannot say “{words}”: {error!r}") from error
        if not file.is_file():
            raise Mute(f"“{command}” wrote no {{file}} for “{words}”")
        yield file
