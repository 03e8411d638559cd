from tests.chat.conftest import agent  # noqa: F401 - a fixture
