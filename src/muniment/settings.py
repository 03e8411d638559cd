"""Django settings. The one place that reads the environment; docs/settings.md has a heading for each variable."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from muniment.core.errors import SettingsError
from muniment.core.network.addresses import internal_hosts
from muniment.core.network.listening import BaseUrl
from muniment.core.network.mail import MailSettings
from muniment.core.network.name_servers import name_servers
from muniment.crypto.services import control_key, session_secret

_PACKAGE = Path(__file__).resolve().parent
_CLONE = _PACKAGE.parent.parent


def _text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def _number(name: str, default: int, *, low: int, high: int) -> int:
    raw = _text(name, str(default))
    if not raw.isdecimal() or not low <= int(raw) <= high:
        raise SettingsError(f"{name} is {raw!r}. Set it to a whole number from {low} to {high}.")
    return int(raw)


def _switch(name: str, *, default: bool = False) -> bool:
    raw = _text(name, "on" if default else "off").lower()
    if raw not in {"on", "off"}:
        raise SettingsError(f"{name} is {raw!r}. Set it to on or off.")
    return raw == "on"


def _default_home() -> Path:
    """Beside the code in a clone; in the user's data folder (XDG base directories) when installed otherwise."""
    if (_CLONE / "pyproject.toml").exists():
        return _CLONE / "muniment-home"
    return Path(_text("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / "muniment" / "home"


def _ocr_data() -> Path:
    """Where Debian, Fedora, Homebrew or the local administrator put tesseract's language data; else nowhere."""
    folders = ("share/tesseract-ocr/5/tessdata", "share/tesseract/tessdata", "share/tessdata", "local/share/tessdata")
    found = (Path("/usr", folder) for folder in folders)
    return next((folder for folder in found if folder.is_dir()), Path("/nonexistent"))


MUNIMENT_HOME = Path(_text("MUNIMENT_HOME", str(_default_home()))).expanduser().absolute()
MUNIMENT_KEYS = Path(_text("MUNIMENT_KEYS", f"{MUNIMENT_HOME}-keys")).expanduser().absolute()
MUNIMENT_DOCS = _CLONE / "docs" if (_CLONE / "pyproject.toml").exists() else _PACKAGE / "docs"
MUNIMENT_HOST = _text("MUNIMENT_HOST", "127.0.0.1")
MUNIMENT_PORT = _number("MUNIMENT_PORT", 8000, low=1, high=65535)
MUNIMENT_BASE_URL = BaseUrl.parse(_text("MUNIMENT_BASE_URL", f"http://localhost:{MUNIMENT_PORT}"))
MUNIMENT_TLS_CERTIFICATE = _text("MUNIMENT_TLS_CERTIFICATE", "")
MUNIMENT_TLS_KEY = _text("MUNIMENT_TLS_KEY", "")
MUNIMENT_TRUSTED_PROXY = _text("MUNIMENT_TRUSTED_PROXY", "")
MUNIMENT_INTERNAL_HOSTS = internal_hosts(_text("MUNIMENT_INTERNAL_HOSTS", ""))
MUNIMENT_NAME_SERVERS = name_servers(_text("MUNIMENT_NAME_SERVERS", ""))
MUNIMENT_MAIL = MailSettings.of(
    server=_text("MUNIMENT_SMTP_SERVER", ""),
    sender=_text("MUNIMENT_SMTP_FROM", ""),
    user=_text("MUNIMENT_SMTP_USER", ""),
    password_file=_text("MUNIMENT_SMTP_PASSWORD_FILE", ""),
)
MUNIMENT_BREACHED_PASSWORDS = _text("MUNIMENT_BREACHED_PASSWORDS", "")
MUNIMENT_NETWORKS = _text("MUNIMENT_NETWORKS", "")
MUNIMENT_METRICS = _switch("MUNIMENT_METRICS")
MUNIMENT_API_RATE = _number("MUNIMENT_API_RATE", 1200, low=1, high=10_000_000)  # requests of a key in a minute
MUNIMENT_TEAM_WORDS = _number("MUNIMENT_TEAM_WORDS", 0, low=0, high=10**15) or None  # stored, of each team
MUNIMENT_TEAM_QUERIES = _number("MUNIMENT_TEAM_QUERIES", 0, low=0, high=10**15) or None  # answered, of each in a month
MUNIMENT_SEARCH_MEMORY = _number("MUNIMENT_SEARCH_MEMORY", 256, low=16, high=1_048_576)  # MiB
MUNIMENT_UPLOAD_LIMIT = _number("MUNIMENT_UPLOAD_LIMIT", 200, low=1, high=512)  # MiB a file
MUNIMENT_EMBEDDING_MODEL = _text("MUNIMENT_EMBEDDING_MODEL", "")
MUNIMENT_RERANKER = _text("MUNIMENT_RERANKER", "")
MUNIMENT_EMBEDDING_THREADS = _number("MUNIMENT_EMBEDDING_THREADS", min(os.cpu_count() or 1, 8), low=1, high=256)
MUNIMENT_NER_MODEL = _text("MUNIMENT_NER_MODEL", "")
MUNIMENT_DETECTOR_PROCESS = _switch("MUNIMENT_DETECTOR_PROCESS", default=True)
MUNIMENT_LOCAL_MODEL = _text("MUNIMENT_LOCAL_MODEL", "")
MUNIMENT_LOCAL_THREADS = _number("MUNIMENT_LOCAL_THREADS", min(os.cpu_count() or 1, 4), low=1, high=256)
MUNIMENT_LOCAL_CONTEXT = _number("MUNIMENT_LOCAL_CONTEXT", 4096, low=512, high=1_048_576)  # tokens
MUNIMENT_LOCAL_MEMORY = _number("MUNIMENT_LOCAL_MEMORY", 8192, low=128, high=1_048_576)  # MiB
MUNIMENT_LOCAL_IDLE = _number("MUNIMENT_LOCAL_IDLE", 15, low=0, high=10_080)  # minutes
MUNIMENT_OCR_LANGUAGES = _text("MUNIMENT_OCR_LANGUAGES", "eng+deu")
MUNIMENT_OCR_DATA = Path(_text("MUNIMENT_OCR_DATA", str(_ocr_data())))
MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX = _switch("MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX")

SECRET_KEY = lazy(session_secret, str)()  # derived from the control key on first use; nothing to configure or leak
DEBUG = False
ALLOWED_HOSTS = [MUNIMENT_BASE_URL.host, *(["127.0.0.1", "[::1]"] if MUNIMENT_BASE_URL.is_loopback else [])]
USE_X_FORWARDED_HOST = False

INSTALLED_APPS = [
    "muniment.core",
    "muniment.jobs",
    "muniment.audit",
    "muniment.silo",
    "muniment.llm",
    "muniment.pii",
    "muniment.accounts",
    "muniment.teams",
    "muniment.credits",
    "muniment.scim",
    "muniment.sso",
    "muniment.agents",
    "muniment.ingest",
    "muniment.retrieval",
    "muniment.chat",
    "muniment.backup",
    "muniment.console",
    "muniment.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
]

MIDDLEWARE = [
    "muniment.console.middleware.RequestLog",
    "muniment.console.middleware.Headers",  # with the next three around all others, refusals carry every header too
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "muniment.console.middleware.ContentPolicy",
    "muniment.console.middleware.TrustedProxy",
    "muniment.console.middleware.HostRule",
    "muniment.api.middleware.KeysAlone",
    "muniment.console.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "muniment.accounts.middleware.SessionLifetime",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "muniment.agents.middleware.OutsiderMiddleware",
    "muniment.accounts.middleware.PersonalSettings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "muniment.api.middleware.Once",
    "muniment.api.middleware.IfUnchanged",
    "muniment.teams.middleware.SetupGate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view is closed unless it says login_not_required
    "muniment.teams.middleware.ActorMiddleware",
    "muniment.accounts.middleware.SignInGate",
    "muniment.teams.middleware.KitReminder",
    "muniment.agents.middleware.AgentMiddleware",
    "muniment.console.middleware.OurErrors",
]

# Forms lie in memory while they are read, and a larger one is refused; uploads are streamed: core/request_body.py. With
# this one handler no file of a form can be put into the system's temp folder.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20

ROOT_URLCONF = "muniment.urls"
ASGI_APPLICATION = "muniment.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "muniment.console.frame.frame",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "muniment.core.database",
        "NAME": MUNIMENT_HOME / "control.db",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None,  # kept by the threads of requests; core/database/base.py says when it ends all the same
        "OPTIONS": {
            "key": control_key,
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-8000",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["muniment.accounts.hashers.ArgonHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "muniment.accounts.breached_passwords.BreachedPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_ADAPTER = "muniment.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # nobody can: the adapter keeps registration closed
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"

# Counts of sign-in attempts must be the same for every server process, and must not lie outside the encryption.
# Beyond MAX_ENTRIES a third of them is dropped, whosever they are. With Django's 300 an attacker who fails for so many
# invented addresses has the count of his victim dropped, and guesses on; each costs a row of 0.3 KB for five minutes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [_PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["muniment.core.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [_PACKAGE / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = False
SERVESTATIC_ALLOW_ALL_ORIGINS = False
SERVESTATIC_MAX_AGE = 300  # seconds; then asked for again with the ETag

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "muniment.accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name files: none in a cookie
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if MUNIMENT_BASE_URL.is_https:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
CSRF_TRUSTED_ORIGINS = [MUNIMENT_BASE_URL.origin]
CSRF_FAILURE_VIEW = "muniment.console.errors.csrf_failure"
if MUNIMENT_TRUSTED_PROXY:  # console.middleware.TrustedProxy removes the header when anybody else sent it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Nothing an answer or a document can smuggle into a page may load from, send to, or be framed by anywhere else.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# Logs hold route names and outcomes, never paths with queries, names, questions or addresses. What a library says all
# the same is masked.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "muniment.pii.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "muniment": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},  # names the address of what it refuses; the status is in our own line
    },
}
