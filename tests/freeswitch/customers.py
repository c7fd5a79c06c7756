"""What customers do: they send an SMS, and have telephones in the real network."""

import requests

from tests.people import ACCESS_NUMBER, ANNA
from tests.system.programs import SECRET


def text(programs, message, *, sender=ANNA):
    """Post an SMS as a carrier does."""
    answer = requests.post(
        f"{programs.portal_url}/sms/generic",
        json={"id": message, "from": sender, "to": ACCESS_NUMBER, "text": message},
        headers={"X-Secret": SECRET},
        timeout=10,
    )
    answer.raise_for_status()


def person(telephony, number):
    """Whoever has that number in the real network."""
    return telephony.caller(number.removeprefix("+"))
