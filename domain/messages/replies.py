"""What we say by SMS: one sentence for every outcome, in every language.

Short enough for one SMS segment with usual values: 160 letters of GSM-7, or 70 where
a language has others. Spanish and French keep to GSM-7 wherever they can.
"""

from collections.abc import Mapping
from typing import Final

from domain import errors, money
from domain.languages import translations
from domain.messages.segments import segments


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is said."""
    return text


CALLING: Final = "calling"
CALLING_BACK: Final = "calling_back"
REGISTERED: Final = "registered"
REGISTERED_INSTEAD: Final = "registered_instead"
HUNG_UP: Final = "hung_up"
NO_CALLS: Final = "no_calls"
LANGUAGE_SET: Final = "language_set"
QUOTED: Final = "quoted"
HELP: Final = "help"
STATUS: Final = "status"
STATUS_WITH_TALK: Final = "status_with_talk"
TOPPED_UP: Final = "topped_up"
CALL_FAILED: Final = "call_failed"
NOTHING_UNDERSTOOD: Final = "nothing_understood"

_MONEY: Final = {"balance", "available", "left", "value", "price"}
_EXACT: Final = {"left", "price"}
"""A leg may cost less than a cent, and so may what can still be refunded of it."""

_LISTS: Final = {"candidates", "old"}

TEXTS: Final[Mapping[str, str]] = {
    CALLING: _("Calling %(leg_a)s now, then %(leg_b)s. Please pick up."),
    CALLING_BACK: _("Calling %(leg_a)s now. Please pick up and key a number."),
    HUNG_UP: _("Calls that are ended now: %(count)s."),
    NO_CALLS: _("You have no calls now."),
    LANGUAGE_SET: _("From now on we write to you in English."),
    QUOTED: _("A minute to %(number)s: %(price)s. You can talk for %(minutes)s min."),
    HELP: _(
        "Call: D.number, B.name, N2, CALL, REDIAL. Balance: I. Price: Q.number. "
        "PIN: T. Language: L.en. Hang up: X. From another phone: U.login P.password."
    ),
    REGISTERED: _("%(number)s now identifies your account."),
    REGISTERED_INSTEAD: _("%(number)s now identifies your account, %(old)s no more."),
    STATUS: _("Your balance is %(balance)s."),
    STATUS_WITH_TALK: _("Your balance is %(balance)s: %(minutes)s min to %(number)s."),
    TOPPED_UP: _("%(value)s added. Your balance is %(balance)s."),
    CALL_FAILED: _("We could not reach you at %(number)s. Please ask again."),
    errors.WrongLogin.code: _("The login or the password is not right."),
    errors.LockedOut.code: _(
        "Too many wrong passwords. Please wait %(minutes)s minutes."
    ),
    errors.PinsLocked.code: _("Too many wrong PINs. Please wait %(minutes)s minutes."),
    errors.AccountBlocked.code: _("Your account is blocked. Please contact us."),
    errors.NeedsPassword.code: _("Please send this with U.login P.password."),
    errors.NotUnderstood.code: _('Not understood: "%(part)s". Nothing was done.'),
    errors.NumberOrPin.code: _(
        "Is it a number (please write D.number) or a PIN (T.PIN)? Nothing was done."
    ),
    NOTHING_UNDERSTOOD: _(
        "Not understood. Nothing was done. HELP tells what you can send."
    ),
    errors.NotAPhoneNumber.code: _(
        '"%(part)s" is not a number we can dial. Nothing was done.'
    ),
    errors.NumberTaken.code: _("%(number)s is registered by another account."),
    errors.TooManyNumbers.code: _("Your account may register %(limit)s numbers only."),
    errors.UnknownEntry.code: _('Your phonebook has no entry "%(part)s".'),
    errors.NothingToRedial.code: _("You have not called anybody yet."),
    errors.UnknownSender.code: _("This number is not registered."),
    errors.AmbiguousEntry.code: _('"%(part)s" could be: %(candidates)s.'),
    errors.EntryTaken.code: _('Your phonebook has "%(part)s" already.'),
    errors.NotYourNumber.code: _(
        "%(number)s is not registered: please add U.login P.password."
    ),
    errors.OwnNumber.code: _("%(number)s is a number of this service."),
    errors.SameNumber.code: _("%(number)s cannot be joined with itself."),
    errors.Forbidden.code: _("Calls to %(number)s are not allowed."),
    errors.OtherCurrency.code: _(
        "%(number)s is priced in another currency than your account's."
    ),
    errors.NoRoute.code: _("%(number)s cannot be reached at the moment."),
    errors.NoRate.code: _("Calls to %(number)s are not possible."),
    errors.AlreadyCalling.code: _("Already calling %(number)s."),
    errors.TooManyRequests.code: _("Too many requests. Please wait a while."),
    errors.TooManyCalls.code: _("You have %(limit)s calls already."),
    errors.SpendLimit.code: _("Your spending limit for a day is reached."),
    errors.SessionTooLong.code: _("Please ask for a new call."),
    errors.InsufficientFunds.code: _("Not enough money: %(available)s left."),
    errors.MovedAlready.code: _("%(reference)s was written into the ledger before."),
    errors.NothingToRefund.code: _("Of that, %(left)s can still be refunded."),
    errors.CurrenciesDiffer.code: _("%(one)s is in another currency than %(other)s."),
    errors.WrongPin.code: _("This PIN cannot be redeemed. Please check its digits."),
    errors.NoVouchers.code: _("Vouchers cannot be redeemed here at the moment."),
}


def text(code: str, language: str, details: Mapping[str, object]) -> str:
    """The sentence for an outcome, its blanks filled.

    Blanks that are money come as micro-units beside their `currency`.
    """
    blanks = dict(details)
    for name in _MONEY & blanks.keys():
        in_words = money.exactly if name in _EXACT else money.spelled
        amount = in_words(int(str(blanks[name])), str(blanks["currency"]), language)
        blanks[name] = money.with_plain_spaces(amount)
    if code == errors.NotUnderstood.code and not blanks["part"]:
        code = NOTHING_UNDERSTOOD
    return _in_one_segment(translations(language).gettext(TEXTS[code]), blanks)


def _in_one_segment(sentence: str, blanks: dict[str, object]) -> str:
    """The sentence with as many names of its lists as one SMS holds."""
    said = sentence % blanks
    for listed in _LISTS & blanks.keys():
        names = str(blanks[listed]).split(", ")
        while segments(said) > 1 and len(names) > 1:
            names.pop()
            said = sentence % {**blanks, listed: ", ".join([*names, "..."])}
    return said
