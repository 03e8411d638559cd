"""Moments as SAML writes them: xs:dateTime in UTC (core, 1.3.3), and how far two clocks may be apart."""

import re
from datetime import UTC, datetime, timedelta

from muniment.sso.saml.errors import Refusal, SamlError

SKEW = timedelta(seconds=60)
"""Both ways, for every comparison: more than two clocks set by the network need."""

_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?Z", re.ASCII)


def read_time(written: str) -> datetime:
    """An aware moment. Only what names UTC by its Z is taken: a moment without a zone means another one elsewhere."""
    found = _WRITTEN.fullmatch(written)
    if not found:
        raise SamlError(Refusal.TIME)
    try:
        moment = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        raise SamlError(Refusal.TIME) from None
    if not 1970 <= moment.year < 9999:  # beyond, adding the skew leaves the calendar
        raise SamlError(Refusal.TIME)
    return moment + timedelta(microseconds=int((found[2] or "0").ljust(6, "0")[:6]))


def optional_time(written: str | None) -> datetime | None:
    return None if written is None else read_time(written)


def write_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def refuse_past(end: datetime | None, now: datetime) -> None:
    """NotOnOrAfter: the moment itself is too late."""
    if end is not None and now >= end + SKEW:
        raise SamlError(Refusal.EXPIRED)


def refuse_future(begin: datetime | None, now: datetime) -> None:
    if begin is not None and now < begin - SKEW:
        raise SamlError(Refusal.NOT_YET_VALID)
