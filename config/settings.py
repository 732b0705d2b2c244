"""Settings. What an operator may set in the environment or in .env is listed in docs/operating.md."""

import os
import sys
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config.database import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")


def as_written(name: str) -> str:
    """Of a key, which may begin with "$": `env` would take that for the name of another variable."""
    return os.environ.get(name, "").strip()


MODE = env.str("CONSILIUM_MODE", "development")
if MODE not in ("development", "production"):
    raise ImproperlyConfigured("CONSILIUM_MODE must be 'development' or 'production'.")
PRODUCTION = MODE == "production"
if PRODUCTION:
    missing = [name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL") if not as_written(name)]
    if missing:
        raise ImproperlyConfigured(f"Production mode needs these settings in the environment: {', '.join(missing)}.")

DATA_DIR = Path(env.str("CONSILIUM_DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def generated_secret_key() -> str:
    """The development key, made on first use and kept in the data directory."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


DEBUG = not PRODUCTION and env.bool("DEBUG", False)
SECRET_KEY = as_written("SECRET_KEY") or generated_secret_key()
SECRET_KEY_FALLBACKS = [key for key in as_written("SECRET_KEY_FALLBACKS").split(",") if key]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "forum.operations",  # before django_tasks_db: its db_worker adds the heartbeat
    "forum.history",
    "forum.specialties",
    "allauth.mfa",  # before accounts: its page of the admin site is taken away there
    "forum.texts",
    "accounts",
    "forum.questions",
    "forum.replies",
    "forum.articles",
    "forum.search",
    "forum.notifications",
    "forum.moderation",
    "forum.threads",
    "forum.archive",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "accounts.workplace.WorkplaceConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
if DEBUG:
    del TEMPLATES[0]["OPTIONS"]["loaders"]
    TEMPLATES[0]["APP_DIRS"] = True
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": database_settings(env.str("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Row history: rows as they were before an update or a deletion, written by triggers and never changed.
# Without the middleware, which would keep the address of each request (a status page's is secret) and who the asker is.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", db_index=True)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_APPEND_ONLY = False  # each has guards that cannot be ignored: forum/history/guards.py

CACHES = {
    # Shared by all processes: rate limits.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"},
    # Rendered pages of signed-out readers; one a process, checked against the thread's version (forum/threads).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "uploads"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Asia/Taipei")
USE_TZ = True
COUNTRY = env.str("CONSILIUM_COUNTRY", "TW").upper()

# Search by meaning: language=embedder, ...; read by forum/search/embedders. Empty: the bundled ones.
EMBEDDERS = env.str("CONSILIUM_EMBEDDERS", "")
EMBEDDINGS_KEY = as_written("CONSILIUM_EMBEDDINGS_KEY")

# What drafts More Info: forum/articles/drafters. Whether the addresses it gives are asked: forum/articles/links.py.
DRAFTER = env.str("CONSILIUM_DRAFTER", "").strip()
DRAFTER_MODEL = env.str("CONSILIUM_DRAFTER_MODEL", "")
DRAFTER_KEY = as_written("CONSILIUM_DRAFTER_KEY")
CHECK_LINKS = env.bool("CONSILIUM_CHECK_LINKS", False)

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_sign_in"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Consilium] "
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Doctors and admins get nowhere without one: accounts/middleware.py. Everybody else may have one.
SECOND_FACTOR_REQUIRED = PRODUCTION
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Consilium"
MFA_TOTP_TOLERANCE = 1  # the code before and after this one too: clocks differ
ACCOUNT_RATE_LIMITS = {
    "ask_address": "30/h/key,100/d/key",
    "ask_account": "10/h/key",
    "ask_similar": "60/m/key",
    "check_question": "60/m/key",
    "check_personal_data": "60/m/key",
    "delete_account": "10/h/key",
    "send_images": "30/h/key,100/d/key",
    "follow_from": "10/h/key",
    "follow_email": "3/d/key",
    "report_address": "10/h/key,30/d/key",
    "apply": "20/h/key",
}
# How many proxies in front of gunicorn set X-Forwarded-For; 0: none, the header is not believed. In production one is
# taken for granted, as it is for X-Forwarded-Proto below: somebody has to end TLS.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)

# E-mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Consilium <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the site is, for links in mails that the worker sends.
SITE_URL = (
    env.str("SITE_URL", "")
    or (f"https://{ALLOWED_HOSTS[0].lstrip('.*') or 'localhost'}" if PRODUCTION else "http://127.0.0.1:8000")
).rstrip("/")

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 8
FILE_UPLOAD_HANDLERS = [
    "forum.uploads.handlers.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": "forum.operations.logs.PrivateFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "private"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "consilium": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # It warns at every HEAD request: Django leaves it to the web server to drop the body.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # Every stray robot causes one.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
