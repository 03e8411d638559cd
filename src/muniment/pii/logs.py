"""The last place where personal data could lie in clear: what server, workers and commands log.

Attack stopped: a library, or a fault of ours, puts an address, a number or a key into a message or into the words of an
exception; the log lies unencrypted in files and in other people's systems.
Residue accepted: rules alone look, for a line must cost nothing; a bare name is not found. Our own lines name nobody.
"""

import copy
import logging
from collections.abc import Mapping
from typing import Any

from muniment.core.own_words import OwnWord

LONGEST = 16_384
"""Characters of a message, one of its words or its traceback: about 40 ms. What is beyond is not logged."""
_CUT = "\n[the rest of this is not logged]"
_FAILED = "[this could not be looked through for personal data, and is not logged]"


class MaskingFormatter(logging.Formatter):
    """Formats as usual, traceback included, with masks over what the rules find in any words of it.

    Times and numbers that the program itself puts in are no words: a status beside a duration would be a telephone
    number.
    """

    def format(self, record: logging.LogRecord) -> str:
        try:
            return super().format(_masked_record(record))
        except Exception as error:  # noqa: BLE001 - logging would print the record itself, unmasked
            return f"{record.levelname} {record.name} {_FAILED} {type(error).__name__}"

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return _masked(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return _masked(super().formatStack(stack_info))


def _masked_record(record: logging.LogRecord) -> logging.LogRecord:
    copied = copy.copy(record)  # others may format it too
    copied.exc_text = None  # what another formatter left there is not masked
    if isinstance(record.args, Mapping):
        copied.args = {name: _masked_argument(one) for name, one in record.args.items()}
    elif record.args:
        copied.args = tuple(map(_masked_argument, record.args))
    else:
        copied.msg, copied.args = _masked(str(record.msg)), ()
    return copied


def _masked_argument(argument: object) -> object:
    return argument if argument is None or isinstance(argument, int | float | OwnWord) else _masked(str(argument))


def _masked(words: str) -> str:
    from muniment.pii.detection import detect  # noqa: PLC0415 - not before something is logged
    from muniment.pii.standins import masked, replaced  # noqa: PLC0415

    said = words[:LONGEST]
    return replaced(said, detect(said, tagger=None), masked) + _CUT * (len(words) > LONGEST)
