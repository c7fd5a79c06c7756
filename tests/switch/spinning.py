"""A link that is cut inside an answer, by itself in a process: it may freeze that.

Says `alive` when nobody span; a second of CPU ends the process otherwise.
"""

import signal
import sys

import gevent

from tests.switch.clients import Ours, Theirs
from tests.switch.scripted import ScriptedSwitch, api_response, wait_until

if __name__ == "__main__":
    scripted = ScriptedSwitch()
    scripted.answers["api"] = api_response("a long answer")[:-5]
    scripted.start()
    client = {"ours": Ours, "theirs": Theirs}[sys.argv[1]](scripted.port)
    client.link.connect()
    gevent.spawn(client.ask, "api x")
    wait_until(lambda: scripted.commands("api"))

    signal.setitimer(signal.ITIMER_VIRTUAL, 1)
    scripted.drop()
    gevent.sleep(0.2)
    sys.stdout.write("alive")
