"""One installation: its file of settings, its database, its clock."""

import os
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as BadFile
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Engine

from domain.accounts.models import Account
from domain.calls.rules import CallRules
from domain.database import Transaction, engine_for, transactions
from domain.services import Services
from domain.settings import SettingsReader
from domain.tariffs.models import Plan
from domain.vouchers.keys import PinKeys
from portal.cli.secret_file import SecretFile
from portal.settings import read_language, read_pin_keys

WIDE: Final = click.IntRange(1, 2**63 - 1)
"""A row's own number, or how many rows: no more than every database can hold."""


class Site:
    """What every command works on."""

    def __init__(self, config: Path) -> None:
        self.config = config.absolute()

    @property
    def folder(self) -> Path:
        """Where the settings file lies, and the installation around it."""
        return self.config.parent

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment, and below it the secrets that `run` keeps."""
        return SecretFile(self.folder).under(os.environ)

    def section(self, name: str) -> Mapping[str, str]:
        """A section of the file. Raises ClickException if it cannot be read."""
        ini = ConfigParser({"here": str(self.folder)})
        try:
            with self.config.open(encoding="utf-8") as file:
                ini.read_file(file)
            return dict(ini[name])
        except OSError as error:
            raise click.ClickException(
                f"{self.config} cannot be read ({error.strerror}): "
                "name your settings with --config FILE"
            ) from error
        except KeyError as error:
            raise click.ClickException(f"{self.config} has no [{name}]") from error
        except (BadFile, UnicodeDecodeError) as error:
            raise click.ClickException(f"{self.config}: {error}") from error

    def reader(self, name: str = "app:main", prefix: str = "portal") -> SettingsReader:
        """Reads the settings of a section; the environment wins."""
        return SettingsReader(prefix, self.section(name), self.environ)

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Services]:
        """Open a transaction on the installation's database."""
        return self.transactions(write=write)

    @cached_property
    def transactions(self) -> Transaction:
        """The way to open transactions, as the programs do."""
        reader = self.reader()
        rules = CallRules(language=read_language(reader))
        reader.check()
        return transactions(self.engine, rules, self.pin_keys)

    @cached_property
    def pin_keys(self) -> PinKeys:
        """What vouchers' PINs are hashed with. Raises BadSettings."""
        reader = self.reader()
        keys = read_pin_keys(reader)
        reader.check()
        return keys

    @cached_property
    def engine(self) -> Engine:
        """The installation's database. Raises BadSettings."""
        reader = self.reader()
        url = reader.text("database.url")
        reader.check()
        return engine_for(url)

    def close(self) -> None:
        """Let go of the database."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    @staticmethod
    def now() -> datetime:
        """The moment a command is given."""
        return datetime.now(UTC)


def account_of(services: Services, login: str) -> Account:
    """The account of that login, or a ClickException that names it."""
    account = services.accounts.by_login(login)
    if account is None:
        raise click.ClickException(f"no account has the login {login!r}")
    return account


def plan_of(services: Services, name: str) -> Plan:
    """The plan of that name, or a ClickException that names those there are."""
    plan = services.tariffs.by_name(name)
    if plan is None:
        there = ", ".join(each.name for each in services.tariffs.all()) or "none"
        raise click.ClickException(f"no plan is called {name!r}; there are: {there}")
    return plan
