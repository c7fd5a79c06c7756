"""The distribution `sms-callback`: four programs around one domain."""

from setuptools import find_packages, setup

ROOTS = ("domain", "esl_service", "portal", "forwarder", "sandbox", "sounds")

setup(
    name="sms-callback",
    version="0.1.0",
    description="One short SMS rings two telephones and joins them, prepaid.",
    long_description=open("README.md", encoding="utf-8").read(),  # noqa: SIM115
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11,<3.12",
    packages=find_packages(include=[f"{root}*" for root in ROOTS]),
    package_data={
        "domain": ["locale/*/LC_MESSAGES/*.mo"],
        "portal": ["locale/*/LC_MESSAGES/*.mo", "static/**", "templates/**"],
        "sandbox": ["web/static/**", "web/templates/**"],
        "sounds": ["*/phrases.toml"],
    },
    install_requires=[
        "alembic",
        "argon2-cffi",
        "babel",
        "click",
        "colander",
        "espeakng-loader",
        "gevent",
        "greenswitch==0.0.19",
        "msgspec",
        "openpyxl",
        "phonenumbers",
        "plaster-pastedeploy",
        "psycopg[binary]",
        "pyramid",
        "pyramid-jinja2",
        "pyramid-tm",
        "pyserial",
        "python-stdnum",
        "requests",
        "setuptools<82",  # Pyramid 2.1 imports pkg_resources
        "sqlalchemy>=2.1",
        "tzdata",  # time zones, where the system has none
        "unicode-rbnf",
        "waitress",
        "zope.sqlalchemy",
    ],
    extras_require={
        # For Telnyx and AWS, whose signatures the standard library cannot check.
        "signatures": ["cryptography"],
        # The vendors' own signers, which ours are compared with: `make test-peers`.
        "peers": [
            "botocore",
            "plivo",
            "pynacl",
            "sinch",
            "telnyx",
            "twilio",
            "vonage-http-client",
            "vonage-jwt",
        ],
        "dev": [
            "cryptography",
            "djlint",
            "hypothesis",
            "import-linter",
            "mypy",
            "pytest",
            "pytest-cov",
            "pytest-socket",
            "pytest-xdist",
            "ruff",
            "types-gevent",
            "types-openpyxl",
            "types-pyserial",
            "types-requests",
            "webtest",
        ],
        "fuzz": ["atheris"],
    },
    entry_points={
        "paste.app_factory": ["main = portal:main"],
        "console_scripts": ["sms-callback = portal.cli:main"],
    },
)
