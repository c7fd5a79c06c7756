"""Every way the domain says no, each with a stable code.

A refusal is expected and is answered politely: by SMS, by voice or on a page.
Each edge translates it once, by its `code`; `details` fill the blanks of the text.
Anything else that is raised is a bug.
"""

from typing import ClassVar


class Refusal(Exception):
    """The domain says no. `code` is stable; `details` are safe to show and to store."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details

    def __str__(self) -> str:
        blanks = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code}: {blanks}" if blanks else self.code


# --- who is it -----------------------------------------------------------------


class WrongLogin(Refusal):
    """No such login, or not its password: the two look the same."""

    code = "wrong_login"


class LockedOut(Refusal):
    """Too many wrong passwords; the door stays shut for a while."""

    code = "locked_out"


class PinsLocked(Refusal):
    """Too many wrong PINs of vouchers; none is looked at for a while."""

    code = "pins_locked"


class UnknownSender(Refusal):
    """Nobody registered this number: no call and no reply."""

    code = "unknown_sender"


class AccountBlocked(Refusal):
    """An operator has blocked the account."""

    code = "account_blocked"


class NeedsPassword(Refusal):
    """This may only be done with login and password, never by a sender alone."""

    code = "needs_password"


# --- what was asked ------------------------------------------------------------


class NotUnderstood(Refusal):
    """The message is no command. `part` is what could not be read."""

    code = "not_understood"


class NumberOrPin(NotUnderstood):
    """A number alone that may as well be a voucher's PIN: which is it?"""

    code = "number_or_pin"


class NotAPhoneNumber(Refusal):
    """`part` cannot be dialled."""

    code = "not_a_phone_number"


class NumberTaken(Refusal):
    """`number` is registered by somebody else."""

    code = "number_taken"


class TooManyNumbers(Refusal):
    """The account may not register more than `limit` numbers."""

    code = "too_many_numbers"


class UnknownEntry(Refusal):
    """The phonebook has no entry of that name or position (`part`)."""

    code = "unknown_entry"


class NothingToRedial(Refusal):
    """The account has not called anybody yet."""

    code = "nothing_to_redial"


class AmbiguousEntry(Refusal):
    """Several phonebook entries could be meant: `candidates`."""

    code = "ambiguous_entry"


class EntryTaken(Refusal):
    """The phonebook has that name or `position` already."""

    code = "entry_taken"


# --- may it be called ----------------------------------------------------------


class NotYourNumber(Refusal):
    """A sender alone may only ring the account's own numbers as leg A."""

    code = "not_your_number"


class OwnNumber(Refusal):
    """One of our access numbers cannot be a leg."""

    code = "own_number"


class SameNumber(Refusal):
    """A and B are one number."""

    code = "same_number"


class Forbidden(Refusal):
    """The plan does not allow `number`: premium, satellite, shared cost, too dear."""

    code = "forbidden"


class OtherCurrency(Refusal):
    """`number` is priced in another currency than the account's; none is converted."""

    code = "other_currency"


class NoRoute(Refusal):
    """No gateway may take a leg to this number, or none that has not failed."""

    code = "no_route"


class NoRate(Refusal):
    """The plan has no price for `number`."""

    code = "no_rate"


class AlreadyCalling(Refusal):
    """The same call was asked a moment ago, or leg A is on the line with us."""

    code = "already_calling"


class TooManyRequests(Refusal):
    """More requests than one sender may make in a minute or a day."""

    code = "too_many_requests"


class TooManyCalls(Refusal):
    """The account has as many calls as it may have at once."""

    code = "too_many_calls"


class SpendLimit(Refusal):
    """The account's limit for a day is spent."""

    code = "spend_limit"


class SessionTooLong(Refusal):
    """The user has been on the line for almost as long as the site allows."""

    code = "session_too_long"


class InsufficientFunds(Refusal):
    """`available` (micro-units of `currency`) is less than what is needed."""

    code = "insufficient_funds"


# --- money moved on purpose ----------------------------------------------------


class MovedAlready(Refusal):
    """Money was moved under that `reference` before; it is never moved twice."""

    code = "moved_already"


class NothingToRefund(Refusal):
    """The entry has only `left` (micro-units of `currency`) that was not refunded."""

    code = "nothing_to_refund"


class CurrenciesDiffer(Refusal):
    """The two are kept in different currencies, and nothing here converts money."""

    code = "currencies_differ"


# --- may it be redeemed --------------------------------------------------------


class WrongPin(Refusal):
    """No voucher can be redeemed by this PIN: one text for every reason.

    Unknown, used, not active yet, expired, void, of another currency: whoever guesses
    learns nothing, not even that a voucher exists.
    """

    code = "wrong_pin"


class NoVouchers(Refusal):
    """This site is not set up for vouchers: it has no keys to hash their PINs with."""

    code = "no_vouchers"
