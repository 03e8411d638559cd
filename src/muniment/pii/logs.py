"""The last place where personal data could lie in clear: what server, workers and commands log.

Attack stopped: a library, or a fault of ours, puts an address, a number or a key into a message or into the words of an
exception; the log lies unencrypted in files and in other people's systems.
Residue accepted: rules alone look, for a line must cost nothing; a bare name is not found. Our own lines name nobody.
"""

import logging

LONGEST = 16_384
"""Characters of one line with its traceback: about 40 ms. What is beyond is not looked at, and not logged."""
_CUT = "\n[the rest of this is not logged]"
_FAILED = "[this could not be looked through for personal data, and is not logged]"


class MaskingFormatter(logging.Formatter):
    """Formats as usual, traceback included, then writes masks over what the rules find."""

    def format(self, record: logging.LogRecord) -> str:
        from muniment.pii.detection import detect  # noqa: PLC0415 - not before something is logged
        from muniment.pii.standins import masked, replaced  # noqa: PLC0415

        try:
            line = super().format(record)
            said = line[:LONGEST]
            return replaced(said, detect(said, tagger=None), masked)[0] + _CUT * (len(line) > LONGEST)
        except Exception as error:  # noqa: BLE001 - logging would print the record itself, unmasked
            return f"{record.levelname} {record.name} {_FAILED} {type(error).__name__}"
