"""The ESL service, made to die at a step of the desk or the till.

Without CRASH_AT it is the service itself, only quicker to look for legs that nobody
serves.
"""

from gevent import monkey

monkey.patch_all()

import sys

import esl_service.app
import esl_service.rounds
from esl_service.__main__ import main
from esl_service.switch.commands import Commands
from tests.system.crashing.steps import dangerous, noisy

if __name__ == "__main__":
    esl_service.app.transactions = dangerous(
        esl_service.app.transactions,
        "esl_service.admitting",
        "esl_service.desk",
        "esl_service.front_desk",
        "esl_service.lines",
        "esl_service.till",
    )
    Commands.originate = noisy(Commands.originate, lambda *_: "originate")
    Commands.execute = noisy(Commands.execute, lambda *orders: orders[-1].application)
    esl_service.rounds.LOOK_FOR_LOST = 0.5
    esl_service.rounds.LOOK_FOR_USERS = 0.1
    sys.exit(main(sys.argv[1:]))
