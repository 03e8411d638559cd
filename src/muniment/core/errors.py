"""Errors are classified by what the caller must do; the message is one sentence for a person."""

from datetime import date


class Term(str):
    """A word of ours that stands in a sentence as a value, and is translated, as what somebody typed is not; or a
    sentence that stands elsewhere than where an error is made with it.
    """

    __slots__ = ()


class MunimentError(Exception):
    """Base of all our errors. `str(error)` says what happened and what to do next, without personal data.

    That is English, for logs, the shell and the API; a page shows `core.wording.in_words(error)`. `sentence` is
    constant, so that it has its translation, and names its `values` in braces. An error in its place is said as it
    stands: what was caught, passed on under another name.

    Attack stopped: somebody types a format string. Only `sentence` is one, which nobody types; a value is put in as it
    is, and where there is no value nothing is formatted.
    """

    def __init__(self, sentence: "str | MunimentError" = "", **values: object) -> None:
        said, values = (sentence, values) if isinstance(sentence, str) else (sentence.sentence, sentence.values)
        self.sentence: str = said
        self.values: dict[str, object] = values
        super().__init__(filled(said, {name: _written(value) for name, value in values.items()}))


def filled(sentence: str, values: dict[str, str]) -> str:
    return sentence.format_map(values) if values else sentence


def _written(value: object) -> str:
    match value:
        case int():
            return f"{value:,}"
        case date():
            return f"{value.day} {value:%B %Y}"
    return str(value)


class PermanentError(MunimentError):
    """Trying again unchanged will fail again."""


class TransientError(MunimentError):
    """Trying again later may work: a job is rescheduled with backoff."""


class TooManyRequestsError(TransientError):
    """A key was used more often than it may be; `after` seconds it may again."""

    def __init__(self, after: int) -> None:
        super().__init__("This key was used too often. Wait {after} s, then go on.", after=str(after))
        self.after = after


class NotFoundError(PermanentError):
    """The thing does not exist, or belongs to a team the actor is not in: the two are never told apart."""


class PermissionDeniedError(PermanentError):
    """The actor may see the thing but not do this to it."""


class SettingsError(PermanentError):
    """A setting is missing, contradictory or unsafe; the message says the mend. The start is refused."""


class CorruptedError(PermanentError):
    """Stored bytes do not open or do not make sense; the message names what to restore."""
