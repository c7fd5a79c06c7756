"""What FreeSWITCH parses: dial strings and application arguments. Pure.

FreeSWITCH expands `${…}` in all of these, splits them at commas, spaces and
bars, and a line break begins another command. So nothing is escaped: whatever
is not plainly a number, a UUID, a gateway, a tag or a clip is refused with
ValueError, before anything is sent.
"""

import re
from collections.abc import Sequence
from typing import Final

from esl_service.channel import CUT, TONE, Dial

_RINGING: Final = "%(1000,4000,425)"
"""What A hears while B rings: the European tone, one second in five."""
_RINGBACK: Final = "'" + _RINGING.replace(",", r"\,") + "'"
"""A variable in braces ends at a comma, quoted or not, unless there is a backslash."""
_BEEPS: Final = "tone_stream://%(150,100,950);loops=2"
_DROP_PAUSE_MS: Final = 800
"""How long a key that may begin a drop combination is kept from B."""
_HABITS: Final = {
    "hangup_after_bridge": "false",
    "continue_on_fail": "true",
    # A parked leg would send no RTP at all; carriers take that for dead.
    "send_silence_when_idle": "-1",
    "playback_terminators": CUT,
    "bind_digit_digit_timeout": str(_DROP_PAUSE_MS),
}
"""What every leg A keeps to, for the whole of its stay."""
_TALK: Final = "talk"
"""The realm in which the drop combinations are bound."""

_LONGEST_ENTRY: Final = 127  # play_and_get_digits has a buffer of 128 bytes

_UUID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_NUMBER: Final = re.compile(r"\+([0-9]{3,18})")
_SHOWN: Final = re.compile(r"\+?[0-9]{3,20}")
_GATEWAY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TAG: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_CAUSE: Final = re.compile(r"[A-Z0-9_]{1,64}")
_KEYS: Final = re.compile(r"[0-9*#]{1,16}")
_CLIP: Final = re.compile(r"/[A-Za-z0-9_./@+-]{1,400}")


def uuid(text: str) -> str:
    """A channel's UUID, or ValueError."""
    return _checked(_UUID, text, "UUID")


def cause(text: str) -> str:
    """A hang-up cause by FreeSWITCH's name, or ValueError."""
    return _checked(_CAUSE, text, "cause")


def gateway(text: str) -> str:
    """A gateway's name in the switch, or ValueError."""
    return _checked(_GATEWAY, text, "gateway")


def shown(text: str) -> str:
    """A number as a display shows it, in some gateway's form, or ValueError."""
    return _checked(_SHOWN, text, "number to be shown")


def keys(text: str) -> str:
    """Keys pressed one after the other, or ValueError."""
    return _checked(_KEYS, text, "keys")


def clip(path: str) -> str:
    """The absolute path of a clip, or ValueError."""
    return _checked(_CLIP, path, "path of a clip")


def originate(dial: Dial) -> str:
    """Arguments of `originate`: ring A and park them when they answer.

    >>> from esl_service.channel import Dial
    >>> dial = Dial("5b0c", "+48600177123", "carrier", "48221000000", 30, 3600, "cb:1")
    >>> originate(dial).partition("]")[2]
    'sofia/gateway/carrier/48600177123 &park()'
    """
    for_the_whole_stay = {
        "ignore_early_media": "true",
        **_HABITS,
        "transfer_ringback": _RINGBACK,
        "origination_caller_id_number": shown(dial.caller_id),
    }
    return f"{{{_pairs(for_the_whole_stay)}}}[{_pairs(_leg(dial))}]{_url(dial)} &park()"


def habits() -> str:
    """Argument of `multiset`: a leg that came to us is then as one that we rang.

    >>> habits().split(";")[:2]
    ['^^', 'hangup_after_bridge=false']
    """
    kept = {**_HABITS, "transfer_ringback": _RINGING}
    return "^^;" + ";".join(f"{name}={value}" for name, value in kept.items())


def bridge(dial: Dial) -> str:
    """Argument of `bridge`: ring B for the leg that runs it.

    A's own `ignore_early_media` would keep the ringing and the announcements
    of B's network from A, so it is put back.
    """
    leg = {**_leg(dial), "origination_caller_id_number": shown(dial.caller_id)}
    return f"{{ignore_early_media=false}}[{_pairs(leg)}]{_url(dial)}"


def drop_bindings(drop_keys: Sequence[str], other: str) -> list[tuple[str, str]]:
    """Applications, with arguments, that let these keys hang up leg `other` alone.

    The switch itself kills by UUID: with nobody there that does no harm, where
    `hangup` on the partner would strike the user.
    """
    kill = f"api:uuid_kill,{uuid(other)} NORMAL_CLEARING"
    bound = [
        ("bind_digit_action", f"{_TALK},{keys(combination)},{kill}")
        for combination in drop_keys
    ]
    return [*bound, ("digit_action_set_realm", _TALK)] if bound else []


def clips(sounds: Sequence[str]) -> str:
    """One file for `playback`, made of clips (absolute paths, or TONE) without a gap.

    >>> clips(["/s/you_have.wav", "/s/5.wav"])
    'file_string:///s/you_have.wav!/s/5.wav'
    """
    paths = [_BEEPS if path == TONE else clip(path) for path in sounds]
    if not paths:
        raise ValueError("no clip to play")
    return paths[0] if len(paths) == 1 else f"file_string://{'!'.join(paths)}"


def entry(
    sounds: Sequence[str], *, longest: int, patience: float, pause: float, into: str
) -> str:
    """Argument of `play_and_get_digits`: one try, any keys; `#` or CUT ends them.

    The plus keeps CUT among the keys. A lone key that ends them would be lost, but
    where one key is wanted every key ends them.
    `into` is the channel variable that takes them. FreeSWITCH waits at least
    one second for the first key, whatever `patience` says.
    """
    if not 1 <= longest <= _LONGEST_ENTRY:
        raise ValueError(f"longest is {longest}, not 1 to {_LONGEST_ENTRY}")
    prompt = clips(sounds) if sounds else "silence_stream://20"
    first, further = _milliseconds(patience), _milliseconds(pause)
    ends = "#" if longest == 1 else f"#+{CUT}"
    return (
        f"1 {longest} 1 {first} {ends} {prompt} silence_stream://1"
        f" {_checked(_TAG, into, 'variable')} .* {further}"
    )


def _leg(dial: Dial) -> dict[str, str]:
    # A second early rather than half a second late: `+n` can be either.
    stop = max(1, _whole(dial.stop_seconds, "stop_seconds") - 1)
    return {
        "origination_uuid": uuid(dial.uuid),
        "presence_data": _checked(_TAG, dial.tag, "tag"),
        "leg_timeout": str(_whole(dial.ring_seconds, "ring_seconds")),
        "execute_on_answer": f"'sched_hangup +{stop} ALLOTTED_TIMEOUT'",
    }


def _url(dial: Dial) -> str:
    return f"sofia/gateway/{gateway(dial.gateway)}/{_digits(dial.number)}"


def _pairs(variables: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in variables.items())


def _digits(number: str) -> str:
    return _checked(_NUMBER, number, "E.164 number").removeprefix("+")


def _milliseconds(seconds: float) -> int:
    if not 0 <= seconds <= 3600:  # noqa: PLR2004 - an hour is no wait for a key
        raise ValueError(f"{seconds} is no number of seconds to wait for a key")
    return max(1, round(seconds * 1000))  # 0 would mean: as long as the other one


def _whole(seconds: int, name: str) -> int:
    if type(seconds) is not int or seconds < 1:
        raise ValueError(f"{name} is {seconds!r}, not a whole number from 1")
    return seconds


def _checked(form: re.Pattern[str], text: str, what: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no {what}")
    return text
