"""Posts of every carrier, as their documents show them, and what each tells us."""

import pytest

from domain.messages.sms import MissedCall, Sms, SmsPart
from portal.carriers.base import Forged, Hook
from tests.carriers.everyone import NAMES, everyone, post_of
from tests.carriers.posts import PAYLOADS

BOOK = everyone()
FILES = sorted(
    f"{path.parent.name}/{path.stem}" for path in (PAYLOADS / "posts").glob("*/*.http")
)


def plain(told) -> tuple:
    """What was told, as the table below writes it."""
    match told:
        case Sms():
            return ("sms", told.external_id, told.sender, told.recipient, told.text)
        case SmsPart():
            return (*plain(told.sms), f"{told.place}/{told.total} {told.reference}")
        case MissedCall():
            return ("call", told.external_id, told.caller, told.recipient)


TOLD: dict[str, list[tuple]] = {
    "46elks/named-sender": [("sms", "sf3", "Telia", "+46706860000", "Spara")],
    "46elks/outgoing": [],
    "46elks/text": [
        (
            "sms",
            "sf8425555e5d8db61dda7a7b3f1b91bdb",
            "+46706861004",
            "+46706860000",
            "Hello how are you?",
        )
    ],
    "46elks/unicode": [("sms", "sf2", "+46706861004", "+46706860000", "B.Åsa Öberg")],
    "aws/short-code": [("sms", "a-5", "72975", "+12125550101", "EXAMPLE")],
    "aws/subscription": [],
    "aws/text": [
        (
            "sms",
            "cae173d2-66b9-564c-8309-21f858e9fb84",
            "+14255550182",
            "+12125550101",
            "EXAMPLE",
        )
    ],
    "aws/unsubscription": [],
    "aws/with-subject-version-2": [
        ("sms", "a-2", "+14255550182", "+12125550101", "B.văn phòng")
    ],
    "bandwidth/group": [
        ("sms", "b-3", "+12345678901", "+12345678902", "Hey, check this out!")
    ],
    "bandwidth/report": [],
    "bandwidth/short-code": [
        ("sms", "b-5", "787878", "+12345678902", "Hey, check this out!")
    ],
    "bandwidth/text": [
        (
            "sms",
            "14762070468292kw2fuqty55yp2b2",
            "+12345678901",
            "+12345678902",
            "Hey, check this out!",
        )
    ],
    "bandwidth/two": [
        ("sms", "b-1", "+12345678901", "+12345678902", "Hey, check this out!"),
        ("sms", "b-2", "+12345678901", "+12345678902", "X"),
    ],
    "capcom6/data-sms": [],
    "capcom6/delivered": [],
    "capcom6/older-app": [
        (
            "sms",
            "c-3",
            "+16505551212",
            "+16505551213",
            "Android is always a sweet treat!",
        )
    ],
    "capcom6/text": [
        (
            "sms",
            "abc123",
            "+16505551212",
            "+16505551213",
            "Android is always a sweet treat!",
        )
    ],
    "capcom6/unknown-recipient": [
        (
            "sms",
            "c-2",
            "+16505551212",
            "+16505551213",
            "Android is always a sweet treat!",
        )
    ],
    "generic/bulksms-like": [("sms", "17", "+48600316058", "+48221000000", "I")],
    "generic/form": [("sms", "g-2", "+48600316058", "+48221000000", "I")],
    "generic/json": [("sms", "g-1", "+48600316058", "+48221000000", "D.48774417880")],
    "generic/without-id": [
        (
            "sms",
            "ef181329954e134407ea494511975f09c7809377e00e6c9654c2f031cb895ea3",
            "+48600316058",
            "+48221000000",
            "I",
        )
    ],
    "httpsms/missed-call": [("call", "h-3", "+18005550100", "+18005550199")],
    "httpsms/offline": [],
    "httpsms/second-sim": [
        (
            "sms",
            "h-2",
            "+18005550100",
            "+18005550198",
            "This is a test incoming message",
        )
    ],
    "httpsms/text": [
        (
            "sms",
            "0b0123bb-ef2e-468f-908a-c026d51636aa",
            "+18005550100",
            "+18005550199",
            "This is a test incoming message",
        )
    ],
    "httpsms/withheld-call": [],
    "infobip/long": [("sms", "i-5", "+385916242493", "+385921004026", "日本" * 100)],
    "infobip/named-sender": [("sms", "i-4", "InfoSMS", "+385921004026", "News")],
    "infobip/none": [],
    "infobip/text": [
        (
            "sms",
            "817790313235066447",
            "+385916242493",
            "+385921004026",
            "QUIZ Correct answer is Paris",
        )
    ],
    "infobip/two": [
        (
            "sms",
            "i-2",
            "+385916242493",
            "+385921004026",
            "QUIZ Correct answer is Paris",
        ),
        ("sms", "i-3", "+385916242493", "+385921004026", "I"),
    ],
    "jasmin/by-get": [("sms", "j-3", "+491510000042", "+49301234567", "D.48774417880")],
    "jasmin/short-code": [("sms", "j-4", "12345", "+49301234567", "hi")],
    "jasmin/text": [
        (
            "sms",
            "e4a0a1b2-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
            "+491510000042",
            "+49301234567",
            "D.48774417880",
        )
    ],
    "jasmin/ucs2": [("sms", "j-2", "+491510000042", "+49301234567", "B.văn phòng")],
    "kannel/by-post": [
        (
            "sms",
            "a39ad6ddf35b4e10f09385e664198464baa72437fc7ef1335b9ff20a8959bb97",
            "+491510000042",
            "+49301234567",
            "D.48774417880",
        )
    ],
    "kannel/by-template": [
        (
            "sms",
            "f3a1b2c4-0000-4d5e-9f60-718293a4b5c6",
            "+491510000042",
            "+49301234567",
            "D.48774417880",
        )
    ],
    "kannel/part-1": [
        ("sms", "k-3", "+491510000042", "+49301234567", "D.487744", "1/2 204")
    ],
    "kannel/part-2": [
        ("sms", "k-4", "+491510000042", "+49301234567", "17880", "2/2 204")
    ],
    "kannel/part-by-post": [
        (
            "sms",
            "2540041d1aa0189386caa0f3b2e8d84db083c6a4fe16b28319e7397e0b942415",
            "+491510000042",
            "+49301234567",
            "D.48774",
            "1/2 4660",
        )
    ],
    "kannel/utf-16": [("sms", "k-2", "+491510000042", "+49301234567", "B.văn phòng")],
    "modem/nothing": [],
    "modem/part": [
        ("sms", "attic-4", "+48600316058", "+48221000000", "D.4877", "1/2 7")
    ],
    "modem/several": [
        ("sms", "attic-2", "+48600316058", "+48221000000", "I"),
        ("call", "attic-3", "+48600316058", "+48221000000"),
    ],
    "modem/text": [("sms", "attic-1", "+48600316058", "+48221000000", "D.48774417880")],
    "modem/withheld-call": [],
    "playsms/by-post": [
        (
            "sms",
            "612b8aec30218a366a7581ed3aa39aac41e2eaec4642ae91d5b2fa958c68be02",
            "+491510000042",
            "+49301234567",
            "N2",
        )
    ],
    "playsms/custom-feature": [
        (
            "sms",
            "afbf5c0185fb2c46e857441b689bba048b97e96edefbf14fc26653a5fcfd0710",
            "+491510000042",
            "+49301234567",
            "D.48774417880",
        )
    ],
    "playsms/generic-gateway": [("sms", "9", "+491510000042", "+49301234567", "I")],
    "playsms/named-sender": [("sms", "10", "playSMS", "+49301234567", "hello")],
    "plivo/long": [("sms", "u-2", "+14153336666", "+14157778888", "x" * 400)],
    "plivo/short-code": [("sms", "u-3", "40404", "+14157778888", "hi")],
    "plivo/text": [
        (
            "sms",
            "db3ce55a-7f1d-11e1-8ea7-1231380bc196",
            "+14153336666",
            "+14157778888",
            "Hello, from Plivo",
        )
    ],
    "plivo/unicode-with-powerpack": [
        ("sms", "u-4", "+14153336666", "+14157778888", "Q.+48 77 441 78 80 ?")
    ],
    "sinch/binary": [],
    "sinch/part-1": [
        ("sms", "01Z1", "+16051234567", "+13185551234", "D.48774", "1/2 167")
    ],
    "sinch/part-2": [
        ("sms", "01Z2", "+16051234567", "+13185551234", "417880", "2/2 167")
    ],
    "sinch/report": [],
    "sinch/text": [
        ("sms", "01XXXXX", "+16051234567", "+13185551234", "This is a test message.")
    ],
    "sinch/unicode": [
        ("sms", "01Y", "+16051234567", "+13185551234", "D.＋４８ 77 441 78 80")
    ],
    "smseagle/by-get": [
        ("sms", "232 20140701122345", "+483334455", "+48600000001", "D.48774417880")
    ],
    "smseagle/other-sim": [
        ("sms", "233 20140701122345", "+483334455", "+48600000002", "I")
    ],
    "smseagle/text": [
        ("sms", "231 20140701122345", "+483334455", "+48600000001", "D.48774417880")
    ],
    "smseagle/without-id": [
        (
            "sms",
            "7d3deff182e57daeaa7d835885ef1874187ec4edd0562e2cc49228c2b0af4953",
            "+483334455",
            "+48600000001",
            "D.48774417880",
        )
    ],
    "telnyx/report": [],
    "telnyx/second-attempt": [
        (
            "sms",
            "84cca175-9755-4859-b67f-4730d7f58aa3",
            "+13125550001",
            "+17735550002",
            "Hello from Telnyx!",
        )
    ],
    "telnyx/short-code": [
        ("sms", "t-5", "23456", "+17735550002", "Hello from Telnyx!")
    ],
    "telnyx/text": [
        (
            "sms",
            "84cca175-9755-4859-b67f-4730d7f58aa3",
            "+13125550001",
            "+17735550002",
            "Hello from Telnyx!",
        )
    ],
    "telnyx/unicode-in-parts": [
        ("sms", "t-3", "+13125550001", "+17735550002", "B.văn phòng\nN.2")
    ],
    "twilio/by-get": [("sms", "SM7", "+14158675309", "+14155238886", "D.48774417880")],
    "twilio/long-unicode": [
        ("sms", "SM3", "+14158675309", "+14155238886", "B.Müller – 办公室 😀")
    ],
    "twilio/new-parameters-and-blanks": [
        ("sms", "SM5", "+14158675309", "+14155238886", "")
    ],
    "twilio/opt-out": [],
    "twilio/short-code": [("sms", "SM4", "22395", "+14155238886", "Your code is 123")],
    "twilio/text": [
        (
            "sms",
            "SM2890fc6d0d0e0b8c6e1f1a2b3c4d5e6f",
            "+14158675309",
            "+14155238886",
            "D.48774417880",
        )
    ],
    "vonage/binary": [],
    "vonage/by-get": [
        ("sms", "0A0000000123ABCD1", "+447700900001", "+447700900000", "Hello world")
    ],
    "vonage/form": [("sms", "0A2", "+447700900001", "+447700900000", "Hello world")],
    "vonage/json-unicode": [
        ("sms", "0A3", "+447700900001", "+447700900000", "B.văn phòng 办公室")
    ],
    "vonage/part-1": [
        ("sms", "0A4-1", "+447700900001", "+447700900000", "U.callback ", "1/3 1")
    ],
    "vonage/part-2": [
        ("sms", "0A4-2", "+447700900001", "+447700900000", "P.pass D.4877", "2/3 1")
    ],
    "vonage/part-3": [
        ("sms", "0A4-3", "+447700900001", "+447700900000", "4417880", "3/3 1")
    ],
    "vonage/receipt": [],
    "vonage_messages/long": [
        ("sms", "bbbb", "+447700900001", "+447700900000", "B.office " * 20 + "N2")
    ],
    "vonage_messages/named-sender": [
        ("sms", "ee", "Acme Inc", "+447700900000", "Buy now")
    ],
    "vonage_messages/status": [],
    "vonage_messages/text": [
        (
            "sms",
            "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
            "+447700900001",
            "+447700900000",
            "D.48774417880",
        )
    ],
    "vonage_messages/whatsapp": [],
}


@pytest.mark.parametrize("name", FILES)
def test_what_a_carrier_posts_is_believed_and_read(name):
    post = post_of(name)
    carrier = BOOK.named(post.carrier)

    carrier.verify(post.hook)

    assert [plain(each) for each in carrier.read(post.hook)] == TOLD[name]


def test_every_carrier_has_four_posts_at_least():
    for name in NAMES:
        assert sum(file.startswith(f"{name}/") for file in FILES) >= 4, name


@pytest.mark.parametrize("name", NAMES)
def test_a_post_without_any_proof_is_forged(name):
    bare = Hook(
        f"https://sms.example.org/sms/{name}",
        {},
        b"{}",
        post_of(FILES[0]).hook.received_at,
    )

    with pytest.raises(Forged):
        BOOK.named(name).verify(bare)
