"""The applications a leg can be told to run, by name."""

import gevent

from sandbox.switch import media, sip
from sandbox.switch.bridging import bridge_through
from sandbox.switch.causes import named
from sandbox.switch.channel import Application, Channel
from sandbox.switch.dialling import Gatekeeper
from sandbox.switch.digits import parse_binding
from sandbox.switch.headers import microseconds
from sandbox.switch.leg import EXECUTE
from sandbox.switch.listening import play_and_get_digits, playback, sleep
from sandbox.switch.scheduler import Scheduler, parse_delay


def applications(switch: Gatekeeper, scheduler: Scheduler) -> dict[str, Application]:
    """Make the applications of a switch."""
    return {
        "answer": answer,
        "bind_digit_action": bind_digit_action,
        "bridge": bridge_through(switch),
        "clear_digit_action": clear_digit_action,
        "digit_action_set_realm": digit_action_set_realm,
        "export": export,
        "hangup": hangup,
        "multiset": multiset,
        "park": park,
        "play_and_get_digits": play_and_get_digits,
        "playback": playback,
        "pre_answer": pre_answer,
        "ring_ready": ring_ready,
        "sched_hangup": schedule_hangup(scheduler),
        "set": set_variable,
        "sleep": sleep,
        "unset": unset,
    }


def park(channel: Channel, _argument: str) -> None:
    """Wait for orders."""
    channel.state = EXECUTE
    if channel.up:
        channel.callstate = "ACTIVE"
    elif channel.profile.direction == "inbound":
        channel.callstate = "RINGING"
    channel.tell("CHANNEL_PARK")
    try:
        channel.wait_until(lambda: False)
    finally:
        channel.tell("CHANNEL_UNPARK")


def answer(channel: Channel, _argument: str) -> None:
    """Pick up an incoming call; an outgoing one has been."""
    if channel.up:
        return
    channel.variables |= media.accepted()
    channel.profile.times.answered = microseconds()
    channel.tell("CHANNEL_ANSWER")
    channel.variables["endpoint_disposition"] = "ANSWER"
    channel.callstate = "ACTIVE"
    channel.handset.connected(channel)
    gevent.spawn(channel.variables.update, sip.acknowledged())
    channel.run_hooks("execute_on_answer")


def ring_ready(channel: Channel, _argument: str) -> None:
    """Let an incoming caller hear that it rings."""
    if not channel.up and not channel.profile.times.progress:
        channel.profile.times.progress = microseconds()
        channel.variables |= sip.tagged()
        channel.tell("CHANNEL_PROGRESS")


def pre_answer(channel: Channel, _argument: str) -> None:
    """Let an incoming caller listen before anything is charged."""
    if not channel.up and not channel.profile.times.progress_media:
        channel.profile.times.progress_media = microseconds()
        channel.tell("CHANNEL_PROGRESS_MEDIA")


def hangup(channel: Channel, argument: str) -> None:
    """End the leg."""
    channel.hangup(named(argument))


def schedule_hangup(scheduler: Scheduler) -> Application:
    """Make the application that ends its leg later."""

    def schedule(channel: Channel, argument: str) -> None:
        delay, cause, whose = (*argument.split(), "", "", "")[:3]
        seconds = parse_delay(delay)

        def fire() -> None:
            leg = channel.partner if whose == "bleg" else channel
            if leg is not None:
                leg.hangup(named(cause or "ALLOTTED_TIMEOUT"))

        if seconds is not None:
            scheduler.add(channel.uuid, seconds, fire)

    return schedule


def set_variable(channel: Channel, argument: str) -> None:
    """Set a variable, or with no value forget it."""
    name, _, value = argument.partition("=")
    if value:
        channel.variables[name.strip()] = value
    else:
        channel.variables.pop(name.strip(), None)


def export(channel: Channel, argument: str) -> None:
    """Set a variable on this leg and on those it will ring."""
    set_variable(channel, argument)
    names = [name for name in channel.text("export_vars").split(",") if name]
    names.append(argument.partition("=")[0].removeprefix("nolocal:").strip())
    channel.variables["export_vars"] = ",".join(dict.fromkeys(names))


def multiset(channel: Channel, argument: str) -> None:
    """Set several variables, parted by spaces or by `^^` and a character."""
    separator = " "
    if argument.startswith("^^") and len(argument) > len("^^:"):
        separator, argument = argument[2], argument[3:]
    for assignment in argument.split(separator):
        set_variable(channel, assignment)


def unset(channel: Channel, argument: str) -> None:
    """Forget a variable."""
    channel.variables.pop(argument.strip(), None)


def bind_digit_action(channel: Channel, argument: str) -> None:
    """Let a combination of keys do something."""
    try:
        realm, binding = parse_binding(argument)
    except ValueError:
        return  # the switch, too, only complains in its log
    channel.keypad.machine.bind(realm, binding)


def clear_digit_action(channel: Channel, argument: str) -> None:
    """Forget the combinations of a realm, or of all."""
    channel.keypad.machine.clear(argument.partition(",")[0].strip())


def digit_action_set_realm(channel: Channel, argument: str) -> None:
    """Choose which combinations are in force."""
    channel.keypad.machine.set_realm(argument.partition(",")[0].strip())
