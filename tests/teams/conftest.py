from tests.accounts.mail_received import mail  # noqa: F401 - a fixture
