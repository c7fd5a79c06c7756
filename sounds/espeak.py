"""Synthesis by espeak-ng, whose library and voices come in the wheel `espeakng-loader`.

One voice speaks at a time in a process: the library keeps its state in globals.
https://github.com/espeak-ng/espeak-ng/blob/master/src/include/espeak-ng/speak_lib.h
"""

import ctypes
from array import array
from typing import Any

import espeakng_loader

from sounds.phrases import Reading

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: espeak_Synth returns when all is said
NO_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report a missing voice folder
UTF8 = 1  # espeakCHARS_UTF8
SPEED, PITCH = 1, 3  # espeakRATE, espeakPITCH
OK = 0  # EE_OK

FULL_SCALE = 32768.0

Heard = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Mute(Exception):
    """The synthesiser will not speak; the message says what it was asked."""


class Espeak:
    """The synthesiser; make one in a process, and not two at once."""

    def __init__(self) -> None:
        self._said = array("h")
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        voices = espeakng_loader.get_data_path()
        self.rate: int = self._library.espeak_Initialize(
            SYNCHRONOUS, 0, voices.encode(), NO_EXIT
        )
        if self.rate <= 0:
            raise Mute(f"espeak-ng finds no voices in {voices}")
        self._heard = Heard(self._hear)  # kept here: the library holds no reference
        self._library.espeak_SetSynthCallback(self._heard)

    def say(self, words: str, reading: Reading) -> list[float]:
        """The samples of these words, `rate` a second; raises Mute."""
        if self._library.espeak_SetVoiceByName(reading.espeak.encode()) != OK:
            raise Mute(f"espeak-ng has no voice “{reading.espeak}”")
        self._library.espeak_SetParameter(SPEED, reading.speed, 0)
        self._library.espeak_SetParameter(PITCH, reading.pitch, 0)
        self._said = array("h")
        text = words.encode()
        if self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8, None, None):
            raise Mute(f"espeak-ng cannot say “{words}”")
        return [sample / FULL_SCALE for sample in self._said]

    def _hear(self, wave: Any, samples: int, _events: int | None) -> int:
        """Take a stretch of sound; 0 asks for more. `wave` is a pointer, or null."""
        if wave and samples:
            self._said.frombytes(ctypes.string_at(wave, samples * self._said.itemsize))
        return OK
