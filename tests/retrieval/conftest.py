"""Generated examples of this room run as long as they need: the machine may be busy."""

from hypothesis import settings

from tests.llm.conftest import gate, provide  # noqa: F401 - fixtures

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
