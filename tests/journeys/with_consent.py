"""The command `muniment` of a server on which something asks outsiders for consent: everybody agreed already.

`python -m tests.journeys.with_consent serve`, in place of `python -m muniment serve`.
"""

from muniment.cli.frame import main
from muniment.core.registries import consent_at_onset


class Agreed:
    def is_given(self, *, agent: str, person: str) -> bool:  # noqa: ARG002 - as the Protocol has it
        return True

    def ask_at(self, *, agent: str, after: str) -> str:
        raise AssertionError(f"{agent}: nobody is asked here, nor led to {after}")


if __name__ == "__main__":
    consent_at_onset.register("test", Agreed())
    main()
