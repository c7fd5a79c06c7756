"""The web: pages for people, posts from carriers."""

import os
import sys
from collections.abc import Mapping
from wsgiref.types import WSGIApplication

from pyramid.config import Configurator

from domain.settings import BadSettings
from portal.settings import Settings


def main(global_config: Mapping[str, str], **section: str) -> WSGIApplication:
    """Make the application that `[app:main]` describes.

    Bad settings are all printed, and the program that asked for it ends.
    """
    try:
        settings = Settings.from_ini({**global_config, **section}, os.environ)
    except BadSettings as bad:
        sys.exit(str(bad))
    return application(settings, section)


def application(
    settings: Settings, framework: Mapping[str, str] | None = None
) -> WSGIApplication:
    """Make the application; `framework` holds Pyramid's own settings."""
    with Configurator(settings=dict(framework or {})) as config:
        config.registry["settings"] = settings
        # What every request has: a database, somebody, a language.
        config.include(".db")
        config.include("pyramid_tm")
        config.include(".security")
        config.include(".i18n")
        # How pages are written, and what they say when something is wrong.
        config.include("pyramid_jinja2")
        config.include(".filters")
        config.include(".faults")
        # What can be asked for: by people, by carriers.
        config.include(".routes")
        config.scan(".views")
        config.include(".carriers")
        # What is done after the answer, and what goes out again.
        config.include(".inbox")
        config.include(".errands")
        config.include(".outbox")
        made: WSGIApplication = config.make_wsgi_app()
    return made
