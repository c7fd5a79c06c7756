"""AWS: certificates and subscriptions are errands, and a post never waits for them."""

import json
from dataclasses import replace

import pytest
from requests import Session

from portal.carriers.base import Forged, NotYet
from portal.carriers.notifications import to_sign
from portal.errands import Errands
from tests.carriers.everyone import (
    CERTIFICATE_URL,
    SNS,
    certificate,
    everyone,
    post_of,
    signed_by_aws,
)
from tests.carriers.exchange import exchange
from tests.carriers.posts import portal_of, stored
from tests.people import after


@pytest.fixture
def amazon():
    with exchange() as told:
        told.answer = certificate().decode()
        yield told


def carrier_at(amazon):
    """The carrier, who has no certificate yet, and the name of the one it needs."""
    book = everyone(aws__sns=amazon.url)
    aws = book.named("aws")
    aws._certificates.clear()
    return book, aws


def hook_at(amazon, name="aws/text", **changes):
    """A post of a region that stands on this machine."""
    post = post_of(name)
    told = json.loads(post.body) | changes
    told["SigningCertURL"] = CERTIFICATE_URL.replace(SNS, amazon.url)
    return replace(post.hook, body=json.dumps(signed_by_aws(told)).encode())


def test_a_post_is_told_to_come_again_until_the_certificate_is_there(
    transaction, town, database, amazon
):
    book, aws = carrier_at(amazon)
    portal = portal_of(transaction, book)
    hook = hook_at(amazon)

    first = portal.post("/sms/aws", hook.body, expect_errors=True)
    assert (first.status_int, amazon.posts) == (503, [])
    Errands([aws]).pump()
    second = portal.post("/sms/aws", hook.body)

    assert second.status_int == 200
    assert len(amazon.posts) == 1
    (message,) = stored(database, "inbound_sms")
    assert message["external_id"] == "cae173d2-66b9-564c-8309-21f858e9fb84"


def test_a_subscription_of_our_topic_is_confirmed_once_it_is_proved(amazon):
    _, aws = carrier_at(amazon)
    with pytest.raises(NotYet):
        aws.verify(hook_at(amazon, "aws/subscription"))

    Errands([aws]).pump()

    asked = [path for path, _, _ in amazon.posts]
    assert asked[0].startswith("/SimpleNotificationService-")
    assert asked[1].startswith("/?Action=ConfirmSubscription&TopicArn=arn")
    assert asked[1].endswith("&Token=2336412f37f")
    assert not aws.has_errands


def test_a_subscription_that_is_read_is_confirmed_too(amazon):
    _, aws = carrier_at(amazon)
    hook = hook_at(amazon, "aws/subscription")
    aws._certificates[json.loads(hook.body)["SigningCertURL"]] = certificate()

    aws.verify(hook)
    assert aws.read(hook) == []
    Errands([aws]).pump()

    assert len(amazon.posts) == 1


def test_a_forged_subscription_is_never_confirmed(amazon, caplog):
    _, aws = carrier_at(amazon)
    hook = hook_at(amazon, "aws/subscription")
    told = json.loads(hook.body) | {"Token": "another"}
    with pytest.raises(NotYet):
        aws.verify(replace(hook, body=json.dumps(told).encode()))

    Errands([aws]).pump()

    assert len(amazon.posts) == 1  # the certificate, and nothing else
    assert "not confirmed" in caplog.text


def test_the_end_of_a_subscription_confirms_nothing(amazon):
    _, aws = carrier_at(amazon)
    hook = hook_at(amazon, "aws/unsubscription")
    aws._certificates[json.loads(hook.body)["SigningCertURL"]] = certificate()

    aws.verify(hook)

    assert aws.read(hook) == []
    assert not aws.has_errands


def test_amazon_out_of_order_is_asked_again(amazon):
    _, aws = carrier_at(amazon)
    amazon.statuses = [500]
    hook = hook_at(amazon)
    with pytest.raises(NotYet):
        aws.verify(hook)

    errands = Errands([aws])
    errands.pump()
    with pytest.raises(NotYet):
        aws.verify(hook)
    errands.pump()
    errands.stop()

    aws.verify(hook)


def test_certificates_that_amazon_has_not_keep_nobody_waiting(amazon):
    _, aws = carrier_at(amazon)
    for number in range(5):
        told = json.loads(hook_at(amazon).body)
        unknown = told["SigningCertURL"].replace("f3ecfb72", f"f3ecf{number:03}")
        body = json.dumps(told | {"SigningCertURL": unknown}).encode()
        with pytest.raises(NotYet):
            aws.verify(replace(hook_at(amazon), body=body))
    amazon.statuses = [404] * 5
    errands = Errands([aws])

    for _ in range(5):
        errands.pump()
    with pytest.raises(NotYet):
        aws.verify(hook_at(amazon))
    errands.pump()
    errands.stop()

    aws.verify(hook_at(amazon))


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/SimpleNotificationService-f3ecfb72.pem",
        "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb72.pem",
        "https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-f3ecfb72.pem",
        "https://sns.us-west-2.amazonaws.com@evil.example/SimpleNotificationService-f3ecfb72.pem",
        "https://sns.us-west-2.amazonaws.com/../SimpleNotificationService-f3ecfb72.pem",
        "https://sns.us-west-2.amazonaws.com/mine.pem",
        "",
    ],
)
def test_no_certificate_is_fetched_from_elsewhere(url):
    aws = everyone().named("aws")
    post = post_of("aws/text")
    told = json.loads(post.body) | {"SigningCertURL": url}

    with pytest.raises(Forged):
        aws.verify(replace(post.hook, body=json.dumps(told).encode()))

    assert not aws.has_errands


@pytest.mark.parametrize("name", ["aws/text", "aws/with-subject-version-2"])
def test_whatever_sns_signs_is_noticed_when_it_changes(name):
    aws = everyone().named("aws")
    post = post_of(name)
    told = json.loads(post.body)
    names = {line for line in to_sign(told).split("\n") if line in told}
    assert {"Message", "MessageId", "Timestamp", "TopicArn", "Type"} <= names

    for changed in (*names, "Signature", "SignatureVersion"):
        value = told[changed]
        other = value[:-1] + ("1" if value[-1] != "1" else "2")
        body = json.dumps(told | {changed: other}).encode()
        with pytest.raises(Forged):
            aws.verify(replace(post.hook, body=body))


def test_a_notification_is_believed_for_a_day_and_a_certificate_while_it_is_valid():
    aws = everyone().named("aws")
    hook = post_of("aws/text").hook

    aws.verify(replace(hook, received_at=after(23 * 3600)))
    for hours in (-1, 25, 72):
        with pytest.raises(Forged):
            aws.verify(replace(hook, received_at=after(hours * 3600)))


def test_no_more_errands_than_a_few_wait(amazon):
    _, aws = carrier_at(amazon)
    for number in range(100):
        hook = hook_at(amazon, "aws/subscription", Token=f"t{number}")
        told = json.loads(hook.body)
        told["SigningCertURL"] = told["SigningCertURL"].replace(
            "f3ecfb72", f"f3ecf{number:03}"
        )
        with pytest.raises(NotYet):
            aws.verify(replace(hook, body=json.dumps(told).encode()))

    assert len(aws._wanted) == len(aws._confirmations) == 5
    aws.run_errands(Session())
    assert not aws.has_errands
