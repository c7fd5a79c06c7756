"""A real database that can be made to fail, as one does that restarts."""

from sqlalchemy.exc import OperationalError


class Flaky:
    """Opens transactions unless the database is `away`."""

    error = OperationalError

    def __init__(self, transaction) -> None:
        self._transaction = transaction
        self.away = False

    def __call__(self, *, write: bool = True):
        if self.away:
            raise OperationalError("INSERT …", {}, Exception("database is locked"))
        return self._transaction(write=write)
