from tests.accounts.mail_received import mail  # noqa: F401 - a fixture
from tests.chat.conftest import agent  # noqa: F401 - a fixture
from tests.llm.conftest import gate, provide  # noqa: F401 - fixtures
from tests.scim.conftest import provider  # noqa: F401 - a fixture
from tests.sso.signing_in import oidc  # noqa: F401 - a fixture
from tests.sso.team_with_chat import chat, consent  # noqa: F401 - fixtures
from tests.sso.team_with_provider import acme, keys_are_made_once  # noqa: F401 - fixtures
