"""One settings file for every place: it runs with nothing set, and production sets the environment (docs/operations.md).

Contract names (PORT, DATA_DIR, DATABASE_URL, REDIS_URL) are plain, all others start with OMS_.
"""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from oms import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")
env.adopt_installation(DATA_DIR)
PORT = env.number("PORT", 8000)

# --- who may see what ---------------------------------------------------------------------------------------------
OMS_DEMO = env.flag("OMS_DEMO", default=True)
DEBUG = env.flag("OMS_DEBUG")
SECRET_KEY = env.text("OMS_SECRET_KEY", "demo-only-secret-key-that-a-system-check-refuses-outside-demo-mode")
ALLOWED_HOSTS = env.words("OMS_ALLOWED_HOSTS", "*" if OMS_DEMO else "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = env.words("OMS_CSRF_TRUSTED_ORIGINS")
OMS_ENCRYPTION_KEYS = env.text("OMS_ENCRYPTION_KEYS")
OMS_KEYS_DIR = env.folder("OMS_KEYS_DIR", DATA_DIR / "keys")
OMS_PUBLIC_URL = env.text("OMS_PUBLIC_URL", f"http://127.0.0.1:{PORT}")
OMS_DEMO_ORDERS = env.number("OMS_DEMO_ORDERS", 2090)  # of the demo's past month; fewer load faster
OMS_SIMULATOR = env.flag("OMS_SIMULATOR", default=OMS_DEMO)
OMS_SIMULATOR_URL = env.text("OMS_SIMULATOR_URL", f"http://127.0.0.1:{PORT + 1}")
OMS_ALERT_URLS = env.words("OMS_ALERT_URLS")
OMS_ALERT_MAILS = env.words("OMS_ALERT_MAILS")
OMS_AUTO_WAVE_SECONDS = env.number("OMS_AUTO_WAVE_SECONDS", 0)  # 0: a person makes the waves

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_prometheus",
    "pgtrigger",
    "pghistory",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "kernel",
    "accounts",
    "inventory",
    "oms.rules",
    "oms.orders",
    "channels_sync",
    "warehouse",
    "reconciliation",
    "insights",
    "oms",
]

# Where machines knock hundreds of times a second; kernel/short_way.py says what their views do without.
OMS_SHORT_WAYS = ("/hooks/", "/api/v1/reservations/")

MIDDLEWARE = [
    "kernel.short_way.ShortWayMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "kernel.middleware.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LogInMiddleware",
    "accounts.middleware.AccessTraceMiddleware",
    "accounts.middleware.PersonalSettingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kernel.middleware.BusinessErrorMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "oms.urls"
CSRF_FAILURE_VIEW = "kernel.views.csrf_failure"
WSGI_APPLICATION = "oms.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "accounts.context_processors.shell",
            ],
        },
    },
]

# --- where things are kept ----------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {
        "CONN_MAX_AGE": env.number("OMS_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": env.text("OMS_PROCESS", "oms"),
            "connect_timeout": 5,
            # A process that froze in the middle of a transaction lets go of its rows when its lease is over.
            "options": "-c idle_in_transaction_session_timeout=90s",
        },
    },
}
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
STOCK_REDIS_URL = env.text("OMS_STOCK_REDIS_URL", REDIS_URL)
BROKER_URL = env.text("OMS_BROKER_URL", REDIS_URL)
CACHE_URL = env.text("OMS_CACHE_URL", REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "cache",
    },
}
MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Hashed names for ever-cached files need `collectstatic` first; without it the files are served as they lie in static/.
OMS_HASHED_STATIC = env.flag("OMS_HASHED_STATIC")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if OMS_HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = not OMS_HASHED_STATIC
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.rights.RememberingBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None
AXES_FAILURE_LIMIT = env.number("OMS_LOGIN_FAILURES", 5)
AXES_COOLOFF_TIME = env.number("OMS_LOGIN_COOLOFF_MINUTES", 15) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.session.locked_out"
AXES_CLIENT_IP_CALLABLE = "accounts.origin.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("OMS_HTTPS", default=False)
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
OMS_PROXY_COUNT = env.number("OMS_PROXY_COUNT", 0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- words, zones, money ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FILTERS_EMPTY_CHOICE_LABEL = _("All")
OMS_DISPLAY_ZONE = env.text("OMS_DISPLAY_ZONE", "Asia/Shanghai")

# --- work ---------------------------------------------------------------------------------------------------------
OMS_WORK_LEASE_SECONDS = env.number("OMS_WORK_LEASE_SECONDS", 90)
OMS_WORK_BACKOFF_SECONDS = env.number("OMS_WORK_BACKOFF_SECONDS", 5)
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_DEFAULT_QUEUE = "events"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 90,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.2,
    "global_keyprefix": "broker:",
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- stock --------------------------------------------------------------------------------------------------------
OMS_CHECKOUT_HOLD_SECONDS = env.number("OMS_CHECKOUT_HOLD_SECONDS", 15 * 60)

# --- the API ------------------------------------------------------------------------------------------------------
OMS_API_CALLS_PER_MINUTE = env.number("OMS_API_CALLS_PER_MINUTE", 120_000)  # what a new key may do; 0 means no limit
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "kernel.rest.KeysetPagination",
    "EXCEPTION_HANDLER": "kernel.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Order back office API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "accounts.openapi.complete"],
}

# --- telling ------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = None
OMS_LOG_FORMAT = env.text("OMS_LOG_FORMAT", "json")
OMS_LOG_LEVEL = env.text("OMS_LOG_LEVEL", "INFO")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("OMS_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("OMS_SMTP_PORT", 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("OMS_MAIL_FROM", "oms@localhost")
# HSTS and the redirect to HTTPS belong to the proxy in which TLS ends (docs/operations.md).
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
