"""How a number in a cell of a spreadsheet shows: as a date, a time, a share, an amount of money, or as a number.

After ECMA-376-1, 18.8.30 and 18.8.31. Not Excel's whole language of formats: what reads right, in one way everywhere.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

_BUILT_IN = {
    **dict.fromkeys([1, 37, 38], "0"), 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    **dict.fromkeys([39, 40, 44], "#,##0.00"), **dict.fromkeys([41, 42], "#,##0"),
    **dict.fromkeys([*range(14, 18), *range(27, 32), 36, *range(50, 59)], "yyyy-mm-dd"),
    **dict.fromkeys([18, 19, 20, 21, 32, 33, 34, 35, 45, 47], "hh:mm:ss"), 22: "yyyy-mm-dd hh:mm", 46: "[h]:mm:ss",
}  # fmt: skip
_QUIET = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[(?!\$|h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""Literals, fill characters, colours and conditions: nothing in them is a place for a digit."""
_CURRENCY = re.compile(r"\[\$([^\]\-]*)[^\]]*\]|([€$£¥])")
_LONGEST = timedelta(days=2_958_466)
_FEBRUARY_1900 = 60
"""Excel counts a 29 February 1900, which there was not: serials below it are a day off."""


@dataclass(frozen=True, slots=True)
class _Format:
    decimals: int | None = None
    grouped: bool = False
    percent: bool = False
    before: str = ""
    after: str = ""
    has_date: bool = False
    has_time: bool = False
    is_duration: bool = False


def code_of(number: int, own: dict[int, str]) -> str:
    """The code of a format by its number; "" is General."""
    return own.get(number) or _BUILT_IN.get(number, "")


def shown(value: str, code: str, *, since_1904: bool = False) -> str:
    """The number as it reads. What is no number stands as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    form = _parsed(code)
    if form.has_date or form.has_time or form.is_duration:
        return _moment(number, form, since_1904=since_1904) or value
    if form.decimals is None and not form.percent:
        return _general(value, number)
    number = number * 100 if form.percent else number
    digits = f"{number:{',' if form.grouped else ''}.{form.decimals or 0}f}"
    return f"{form.before}{digits}{'%' if form.percent else ''}{form.after}"


def _general(value: str, number: float) -> str:
    """Without the noise of binary fractions; numbers too long for a float (of an account) keep their digits."""
    if re.fullmatch(r"-?\d+", value):
        return value
    return f"{number:.15g}"


@cache
def _parsed(code: str) -> _Format:
    section = code.split(";", maxsplit=1)[0]
    currency = _CURRENCY.search(section)
    symbol = (currency[1] or currency[2] or "") if currency else ""
    is_before = bool(currency) and re.search(r"[0#?]", section[: currency.start() if currency else 0]) is None
    plain = _CURRENCY.sub("", _QUIET.sub("", section))
    if re.search(r"\[[hms]+\]", plain, re.IGNORECASE):
        return _Format(is_duration=True)
    letters = plain.lower().replace("general", "").replace("am/pm", "")
    has_time = re.search(r"[hs]", letters) is not None
    has_date = re.search(r"[yd]", letters) is not None or ("m" in letters and not has_time)
    if has_date or has_time:
        return _Format(has_date=has_date, has_time=has_time)
    places = re.search(r"[0#?][0#?,]*(?:\.([0#?]*))?", plain)
    if places is None or "/" in plain or "e+" in letters:
        return _Format()
    return _Format(
        decimals=len(places[1] or ""),
        grouped="," in places[0],
        percent="%" in plain,
        before=symbol if is_before else "",
        after=f" {symbol}" if symbol and not is_before else "",
    )


def _moment(serial: float, form: _Format, *, since_1904: bool) -> str:
    """A serial is days since the end of 1899 (or the start of 1904); "" where that is no date."""
    try:
        span = timedelta(days=serial)
    except (OverflowError, ValueError):
        return ""
    if not timedelta(0) <= span < _LONGEST:
        return ""
    span = timedelta(seconds=round(span.total_seconds()))
    if form.is_duration:
        hours, rest = divmod(int(span.total_seconds()), 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    shift = 1 if not since_1904 and serial < _FEBRUARY_1900 else 0
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 + shift)  # noqa: DTZ001 - sheets have no zone
    when = start + span
    clock = f"{when:%H:%M:%S}" if when.second else f"{when:%H:%M}"
    if not form.has_date:
        return clock
    return f"{when:%Y-%m-%d} {clock}" if form.has_time else f"{when:%Y-%m-%d}"
