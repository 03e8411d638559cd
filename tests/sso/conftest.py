from tests.sso.signing_in import oidc  # noqa: F401 - a fixture
