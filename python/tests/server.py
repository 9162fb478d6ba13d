"""The server that the tests ask.

In: `KAYOI_URL` and `KAYOI_FLIGHT`, its two addresses, and `KAYOI_CA`, `KAYOI_USER` with `KAYOI_PASSWORD`, or `KAYOI_TOKEN`
where it has TLS and users. Out: connections. Without the addresses every test fails: one that is left out has shown nothing.
"""

import os

import kayoi

# Figures of it stand in every lake that tests make.
TOWN = "20214"
SIGNED_IN = {"ca": "KAYOI_CA", "user": "KAYOI_USER", "password": "KAYOI_PASSWORD", "token": "KAYOI_TOKEN"}


def address(name: str) -> str:
    """An address from the environment."""
    if name not in os.environ:
        raise AssertionError(f"{name} is not set\nhint: `kayoi serve` says where it listens")
    return os.environ[name]


def over_http() -> kayoi.Connection:
    """A connection that knows HTTP alone."""
    return kayoi.connect(address("KAYOI_URL"), **_signed_in())


def over_flight() -> kayoi.Connection:
    """One that asks SQL over Arrow Flight SQL."""
    return kayoi.connect(address("KAYOI_URL"), flight=address("KAYOI_FLIGHT"), **_signed_in())


def _signed_in() -> dict[str, str]:
    return {name: os.environ[variable] for name, variable in SIGNED_IN.items() if variable in os.environ}
