"""The names that carriers give to what they post, as their documents have them."""

from typing import Final

_MESSAGE: Final = (
    "id event_id message_id messageId MessageId MessageSid SmsSid SmsMessageSid "
    "MessageUUID message_uuid inboundMessageId msgid deviceId webhookId oid "
    "from From to To msisdn sender recipient originator owner contact phone_number "
    "phoneNumber originationNumber destinationNumber fromNumber toNumber"
)
_KIND: Final = (
    "type Type event event_type channel message_type direction charset coding encoding "
    "MessageIntent SmsStatus datacontenttype specversion ApiVersion SignatureVersion"
)
_TIME: Final = (
    "time timestamp Timestamp message-timestamp occurred_at received_at receivedAt "
    "created created_at createdDatetime"
)
_COUNT: Final = (
    "parts part total place reference concat concat-ref concat-total concat-part "
    "NumSegments NumMedia Units segmentCount smsCount messageCount "
    "pendingMessageCount priority modem_no simNumber sim origin-connector smsc"
)
FACTS: Final = frozenset(f"{_MESSAGE} {_KIND} {_TIME} {_COUNT}".split())
"""Names of ids, numbers, kinds, times and counts: what they name may be shown."""

_TEXTS: Final = (
    "text Text Body body message Message messageBody messageKeyword content keyword "
    "cleanText binary data udh Subject custom"
)
_PROOFS: Final = (
    "secret apikey api-key authcode sig nonce Signature SigningCertURL UnsubscribeURL "
    "TopicArn AccountSid MessagingServiceSid PowerpackUUID forwarder operator_id"
)
_HOLDERS: Final = "payload events results meta usage"
_OTHERS: Final = (
    "FromCity FromState FromZip FromCountry ToCity ToState ToZip ToCountry "
    "TotalRate TotalAmount applicationId callbackData carrier currency description "
    "line_type media organization_id previousPublishedMessageId price "
    "pricePerMessage record_type source user_id validity"
)
NAMES: Final = FACTS.union(f"{_TEXTS} {_PROOFS} {_HOLDERS} {_OTHERS}".split())
"""Names that may be shown."""
