"""How is spoken why something cannot be: what the business says, what a leg says."""

from typing import Final

from domain import errors
from domain.causes import Outcome
from esl_service.voice import Prompt

REFUSALS: Final[dict[str, Prompt]] = {
    errors.NotAPhoneNumber.code: Prompt.INVALID,
    errors.UnknownEntry.code: Prompt.UNKNOWN_ENTRY,
    errors.NothingToRedial.code: Prompt.NOTHING_TO_REDIAL,
    errors.Forbidden.code: Prompt.FORBIDDEN,
    errors.NoRate.code: Prompt.NO_RATE,
    errors.NoRoute.code: Prompt.UNAVAILABLE,
    errors.OtherCurrency.code: Prompt.NO_RATE,  # no price that they could pay
    errors.OwnNumber.code: Prompt.OWN_NUMBER,
    errors.SameNumber.code: Prompt.SAME_NUMBER,
    errors.InsufficientFunds.code: Prompt.NOT_ENOUGH_MONEY,
    errors.TooManyCalls.code: Prompt.TOO_MANY_CALLS,
    errors.AlreadyCalling.code: Prompt.TOO_MANY_CALLS,
    errors.TooManyRequests.code: Prompt.TRY_LATER,
    errors.WrongLogin.code: Prompt.WRONG_PIN,
    errors.LockedOut.code: Prompt.TRY_LATER,
    errors.SpendLimit.code: Prompt.SPEND_LIMIT,
    errors.SessionTooLong.code: Prompt.SESSION_TOO_LONG,
    errors.AccountBlocked.code: Prompt.ACCOUNT_BLOCKED,
}
"""How each refusal that a caller can meet is spoken."""

FAILURES: Final[dict[Outcome, Prompt]] = {
    Outcome.BUSY: Prompt.BUSY,
    Outcome.SILENT: Prompt.NO_ANSWER,
    Outcome.INVALID: Prompt.INVALID,
}
"""Why B was not reached; whatever else is unavailable."""
