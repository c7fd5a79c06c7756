"""One language's clips on disk, and what each of them was made of.

`<folder>/<language>/` holds `<clip>.wav`, `words.json` (what each clip says) and
`manifest.json` (what a clip was made of, and what it is). In `16000/` lie the same
clips for wideband calls, and `8000/` has links to the others: FreeSWITCH looks first
in the folder of the call's rate.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from sounds import espeak, studio, waveform
from sounds.patterns import Clip
from sounds.phrases import Phrases
from sounds.stock import MANIFEST, checksum, read_manifest
from sounds.studio import BadRecording, Take
from sounds.waveform import WIDE

RECORDED = "recorded"
WORDS = "words.json"


class Shelf:
    """Where one language's clips are kept; raises BadRecording for an unknown one."""

    def __init__(
        self,
        folder: Path,
        phrases: Phrases,
        source: Path,
        synthesizer: str | None = None,
    ) -> None:
        self._synthesizer = synthesizer
        self._folder = folder / phrases.language
        self._phrases = phrases
        self._recorded = source / phrases.language / RECORDED
        for recording in self._recorded.glob("*.wav"):
            if recording.stem not in phrases.clips:
                raise BadRecording(f"{recording}: no clip has that name")

    @cached_property
    def takes(self) -> list[Take]:
        """Every clip of the language, in the order of its script."""
        return [self._take(clip) for clip in self._phrases.clips.values()]

    @property
    def changed(self) -> list[Take]:
        """Those that must be made: new, made of something else, lost or damaged."""
        known = read_manifest(self._folder)
        return [take for take in self.takes if known.get(take.clip.name) != _sums(take)]

    @property
    def size(self) -> int:
        """Bytes of the clips that are there, at both rates."""
        targets = (target for take in self.takes for target in take.targets.values())
        return sum(target.stat().st_size for target in targets if target.is_file())

    def write_words(self) -> None:
        """Tell what each clip says, whether or not it has been built."""
        self._folder.mkdir(parents=True, exist_ok=True)
        clips = self._phrases.clips.values()
        self._write(WORDS, {clip.name: clip.words for clip in clips})

    def write_manifest(self) -> None:
        """Note what every clip was made of, and drop those no sentence needs now."""
        for name in read_manifest(self._folder).keys() - self._phrases.clips.keys():
            for file in self._folder.glob(f"**/{name}.wav"):
                file.unlink()
        self._write(MANIFEST, {take.clip.name: _sums(take) for take in self.takes})

    def _take(self, clip: Clip) -> Take:
        recording = self._recorded / f"{clip.name}.wav"
        return Take(
            clip,
            self._phrases.reading,
            recording if recording.is_file() else None,
            self._folder / f"{clip.name}.wav",
            self._synthesizer,
        )

    def _write(self, name: str, content: Mapping[str, object]) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        unfinished = self._folder / f".{name}"
        unfinished.write_text(f"{text}\n", "utf-8")
        unfinished.replace(self._folder / name)


def _sums(take: Take) -> dict[str, str | int | None]:
    """The checksums of what a clip is made of, and of the clip as it lies there."""
    made_of: list[object] = [asdict(take.clip), asdict(take.reading), _craft()]
    if take.recording:
        made_of.append(checksum(take.recording))
    else:
        made_of.append(take.synthesizer)
    is_there = all(target.is_file() for target in take.targets.values())
    return {
        "made_of": sha256(json.dumps(made_of).encode()).hexdigest(),
        "clip": checksum(take.target) if is_there else None,
        "wide": checksum(take.targets[WIDE]) if is_there else None,
        "bytes": take.target.stat().st_size if is_there else None,
    }


@cache
def _craft() -> str:
    """Changes with the synthesiser and with our own way of making clips."""
    ours = (espeak.__file__, studio.__file__, waveform.__file__)
    return "-".join(
        [version("espeakng-loader"), *(checksum(Path(path)) for path in ours)]
    )
