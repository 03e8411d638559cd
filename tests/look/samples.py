"""Sample contexts: each page template in the states a person may meet, with content like the real one."""

from typing import Any

from tests.look import samples_frame

Sample = tuple[str, dict[str, Any]]

STATES: dict[str, Sample] = {
    **samples_frame.STATES,
}
