"""Django settings, all of them derived from :mod:`gangshen.config`."""

from __future__ import annotations

import dj_database_url
from csp.constants import NONE, SELF

from gangshen.config import load

CONFIG = load()
HOME = CONFIG.home
HOME.mkdir(parents=True, exist_ok=True)

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.debug
ALLOWED_HOSTS = list(CONFIG.hosts)
ROOT_URLCONF = "gangshen.console.urls"
WSGI_APPLICATION = "gangshen.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STRATA = [
    "identity",
    "archive",
    "runs",
    "cases",
    "registers",
    "documents",
    "indicators",
    "money",
    "policies",
    "plans",
    "visits",
    "chain",
    "ladder",
]
INSTALLED_APPS = [
    "gangshen.apps.identity.apps.ZoneAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "csp",
    "axes",
    "auditlog",
    "django_tasks",
    "django_tasks_db",
    "gangshen.web",
    *(f"gangshen.apps.{name}" for name in STRATA),
    "gangshen.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gangshen.web.middleware.AddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gangshen.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gangshen.apps.identity.pages.UserLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gangshen.apps.archive.pages.TrailMiddleware",
    "axes.middleware.AxesMiddleware",
    "gangshen.web.middleware.ShellMiddleware",
    "gangshen.apps.identity.pages.SignedIn",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gangshen.web.context.page",
            ],
            "builtins": ["gangshen.web.templatetags.gangshen"],
        },
    }
]

if CONFIG.database_url:
    DATABASES = {"default": dj_database_url.parse(CONFIG.database_url, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "gangshen.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
if CONFIG.executor == "inline":
    TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AXES_FAILURE_LIMIT = CONFIG.lockout_failures
AXES_COOLOFF_TIME = CONFIG.lockout_minutes / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "gangshen.apps.identity.pages.locked"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time told on the page stays true
AXES_DISABLE_ACCESS_LOG = True  # the audit trail holds log-ins
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SESSION_COOKIE_AGE = CONFIG.session_minutes * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = (
    True  # the server ends it by age; the browser's cookie then tells a session that ran out
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = CONFIG.https
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = CONFIG.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.https else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [f"{__file__.rsplit('/', 1)[0]}/web/locale"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

AUDITLOG_LOGENTRY_MODEL = "archive.LogEntry"
AUDITLOG_MASK_CALLABLE = "gangshen.apps.archive.models.hidden"
MIGRATION_MODULES = {"auditlog": None}  # its table is the archive's
AUDITLOG_INCLUDE_TRACKING_MODELS = [  # what people edit by hand; what is append-only keeps its own history
    "identity.Zone",
    "identity.Organisation",
    {"model": "identity.OrganisationGroup", "m2m_fields": ["members"]},
    {"model": "identity.User", "exclude_fields": ["last_login", "demo_password"], "mask_fields": ["password"]},
    "identity.RoleGrant",
    {"model": "identity.SavedView", "include_fields": ["listing", "name", "query", "shared"]},
    {"model": "identity.Token", "exclude_fields": ["digest", "last_used_at"]},
    "archive.Source",
    {"model": "runs.Schedule", "exclude_fields": ["next_at"]},
    "cases.Case",
    {"model": "registers.Batch", "include_fields": ["state", "purpose", "grade"]},
    {"model": "registers.Connector", "include_fields": ["source", "content"]},
    "registers.VocabularyPart",
    {"model": "registers.Likeness", "include_fields": ["state", "chosen"]},
    "cases.Holidays",
    "indicators.Series",
    "indicators.Statistic",
    "money.Programme",
    "documents.Document",
    "documents.Relation",
    {"model": "documents.Item", "include_fields": ["kind", "quote", "added", "state", "corrected", "decided_by"]},
    "policies.Policy",
    "policies.PolicyVersion",
    "policies.Variant",
    {"model": "policies.GrantBatch", "include_fields": ["name", "undone_at", "undone_by"]},
    {"model": "policies.ConfirmList", "include_fields": ["sent_at", "sent_by"]},
    {"model": "policies.ConfirmLine", "include_fields": ["state", "reason", "answered_by"]},
    "plans.Plan",
    "plans.Phase",
    "plans.Task",
    "plans.Assignment",
    {"model": "plans.Report", "include_fields": ["state", "reply"]},
    {"model": "plans.Target", "m2m_fields": ["units"]},
    "visits.Topic",
    "visits.Visit",
    "visits.Matter",
    {"model": "chain.Placement", "include_fields": ["state", "decided_by"]},
    {"model": "chain.Lead", "exclude_fields": ["changed_at"]},
    {"model": "ladder.Title", "exclude_fields": ["content"]},
    {"model": "ladder.Tally", "exclude_fields": ["content"]},
    "ladder.CoachingList",
    {"model": "ladder.Coached", "include_fields": ["outcome", "note"]},
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},  # the audit trail holds failed log-ins
}
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS, SSL redirect and secure cookies follow GANGSHEN_HTTPS
    "security.W008",
    "security.W012",
    "security.W016",
]
