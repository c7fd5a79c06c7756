"""Prompts to listen to: the clips that a handset heard, as one sound."""

import io
import re
import wave
from collections.abc import Sequence
from pathlib import Path

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response

_CLIP = re.compile("[a-z]{2,3}/[a-z0-9-]+")
_MOST = 200  # clips of a prompt


class NotRecorded(Exception):
    """A clip is not there; the message is a sentence."""


def show(request: Request) -> Response:
    """Play the clips named in `clips`, parted by blanks; 404 if one is not there."""
    clips = request.GET.get("clips", "").split()
    if not 0 < len(clips) <= _MOST or not all(map(_CLIP.fullmatch, clips)):
        raise HTTPBadRequest(f"'clips' is 1 to {_MOST} names such as en/balance.")
    return Response(request.recordings.joined(clips), content_type="audio/wav")


class Recordings:
    """The clips of every language: each has a folder with its clips.

    Without a folder there are no recordings.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def joined(self, clips: Sequence[str]) -> bytes:
        """These clips, one after the other, as one WAV. Raises NotRecorded."""
        paths = [self._path(clip) for clip in clips]
        joined = io.BytesIO()
        with wave.open(joined, "wb") as prompt:
            for at, path in enumerate(paths):
                with wave.open(str(path), "rb") as recording:
                    if at == 0:
                        prompt.setparams(recording.getparams())
                    prompt.writeframes(recording.readframes(recording.getnframes()))
        return joined.getvalue()

    def _path(self, clip: str) -> Path:
        path = self._folder / f"{clip}.wav" if self._folder else None
        if path is None or not path.is_file():
            raise NotRecorded(f"Nobody recorded {clip}.")
        return path
