"""The one settings file. Every value that differs between a laptop and a server comes from the environment.

Nothing needs to be set to develop: `DEBUG=1` (which `make run` sets) allows a built-in secret key and SQLite.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kzforeign.environment import (
    NEEDED,
    cache_address,
    database,
    env,
    filled,
    log_level,
    rate,
    replica,
    site_address,
    state_code,
    switch,
    up_to,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env("DEBUG", switch, default=False, hint="Write DEBUG=1 or DEBUG=0.")
SECRET_KEY = env(
    "SECRET_KEY",
    filled,
    default="for-local-use-only-and-refused-without-debug" if DEBUG else NEEDED,
    hint="Set it to a long random string, or set DEBUG=1 for local use.",
)
ALLOWED_HOSTS = env(
    "ALLOWED_HOSTS",
    list,
    default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [],
    hint="Separate host names by commas.",
)
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS", list, default=[], hint="Separate origins by commas.")

# The state whose foreign relations the database describes. With other fixtures and another code here it is
# another country's database.
FOCUS_STATE = env("FOCUS_STATE", state_code, default="KAZ", hint="Give an ISO 3166-1 alpha-3 code, as KAZ.")

# Whether somebody else has to publish what a curator entered or changed.
FOUR_EYES = env("FOUR_EYES", switch, default=not DEBUG, hint="Write FOUR_EYES=1 or FOUR_EYES=0.")

# Releases of the data, made by `manage.py release`, and the address that they give entries: a command is asked by
# nobody under an address.
RELEASES_ROOT = env("RELEASES_ROOT", filled, default=str(BASE_DIR / "releases"), hint="Name a directory.")
SITE_ADDRESS = env(
    "SITE_ADDRESS",
    site_address,
    default="",
    hint="Give the address of the site's first page, as https://kzforeign.example.",
)

INSTALLED_APPS = [
    "apps.core",
    "apps.curation",
    "apps.sources",
    "apps.states",
    "apps.people",
    "apps.organizations",
    "apps.events",
    "apps.visits",
    "apps.agreements",
    "apps.figures",
    "apps.relations",
    "apps.curation.site.CuratingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "apps.core.request_ids.RequestIds",
    "apps.core.middleware.Heads",
    # Before whatever answers by itself.
    "apps.core.answer_headers.AnswerHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.Compression",
    "apps.core.middleware.Languages",
    "apps.core.middleware.RefuseNulBytes",
    "apps.core.middleware.Outages",
    "apps.core.middleware.Revalidation",
    "apps.core.middleware.PagesOfTheSite",
    # Readers pass by what is of `curators_only`, and by SignedIn.
    "apps.curation.curators_only.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.curation.curators_only.Users",
    "apps.curation.signed_in.SignedIn",
    "apps.curation.curators_only.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.curation.curators_only.Authors",
    "axes.middleware.AxesMiddleware",
    # The last, so that what it writes and undoes is read by the view alone.
    "apps.curation.middleware.Previews",
]

ROOT_URLCONF = "kzforeign.urls"
WSGI_APPLICATION = "kzforeign.wsgi.application"
ASGI_APPLICATION = "kzforeign.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context.site_sections",
                "apps.core.context.languages",
                "apps.core.context.day",
                "apps.curation.middleware.sight_of",
            ],
        },
    },
]

# What PostgreSQL is told of how to plan. To compile a query takes it half a second, and none here runs as long; and to
# follow an index is four times as slow as to read a table from its beginning on disks that turn only. What is prepared
# (`core.prepared`) is planned once: to plan it for each of the first values as well would cost what it is to save.
# A page with all it says of its rows is read from nine tables or more, and from the ninth on PostgreSQL would take them
# as they stand, from the first of all agreements on, whichever few are asked for; from twelve on it would guess.
PLANNING = (
    "-c jit=off -c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan "
    "-c join_collapse_limit=11 -c from_collapse_limit=11"
)
DATABASES = {
    "default": env(
        "DATABASE_URL",
        database,
        default=database(f"sqlite:///{BASE_DIR / 'db.sqlite3'}"),
        hint="Write postgres://user:password@host:5432/name or sqlite:////path/to/file.",
    )
}
# A connection stays with its thread for so many seconds. A request that finds it broken gets a new one.
DATABASES["default"].update({"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes the lock when its transaction begins: otherwise two that read before they write
        # meet "database is locked" at once, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Nobody runs ANALYZE or PRAGMA optimize: so a list is found in the same way in every file, whatever that had
        # when it was analysed last. Each is found soon without; with it, pages of states take half as long again.
        # Pages of the file are read where the system keeps them, and not copied into 2 MB of SQLite's own.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA mmap_size=8589934592;",
    }

# A statement of the site may take so many seconds; 0 for any number. Commands may take any time.
READ_TIMEOUT = env("READ_TIMEOUT", up_to(3600), default=60, hint="Give seconds, 0 to 3600; 0 for no limit.")
# A streaming replica, from which is read what is public (core.replicas), unless it is more seconds behind than this.
REPLICA = env(
    "DATABASE_REPLICA_URL", replica, default=None, hint="Write postgres://user:password@host:5432/name."
)
REPLICA_LAG = env("REPLICA_LAG", up_to(3600), default=5, hint="Give seconds, 0 to 3600.")
if REPLICA:
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        raise ImproperlyConfigured(
            "The environment variable DATABASE_REPLICA_URL names a replica, and SQLite has none. "
            "Name the PostgreSQL database that it follows in DATABASE_URL, or leave it out."
        )
    DATABASES["replica"] = REPLICA | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["apps.core.replicas.Router"]
# A server that has vanished is given up after seconds, where the system would wait for a quarter of an hour.
patience = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
for there in DATABASES.values():
    if there["ENGINE"] == "django.db.backends.postgresql":
        there["ENGINE"] = "apps.core.postgresql"
        # As PostgreSQL's own programs take them from the environment, which options of a connection would replace.
        planning = f"{PLANNING} {env('PGOPTIONS', default='')}".strip()
        there["OPTIONS"] = patience | {"options": planning} | there.get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The first counts the wrong tries (curation.login_lock), the second knows who may log in.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "apps.curation.login_lock.Lock"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "apps.curation.login_lock.whereabouts"
AXES_USERNAME_CALLABLE = "apps.curation.login_lock.account_of"
AXES_CLIENT_STR_CALLABLE = "apps.curation.login_lock.told"
AXES_LOCKOUT_CALLABLE = "apps.curation.login_lock.locked"
# Who goes on trying does not keep the others out for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
# Whether reviewers and superusers need a second factor. Whoever has one is asked for it in any case.
SECOND_FACTOR = env(
    "SECOND_FACTOR", switch, default=not DEBUG, hint="Write SECOND_FACTOR=1 or SECOND_FACTOR=0."
)
OTP_TOTP_ISSUER = "kzforeign"
# After so many seconds curators log in again: without a request to the admin, and in any case.
SESSION_IDLE_SECONDS = env("SESSION_IDLE_SECONDS", up_to(604_800), default=7_200, hint="Give seconds.")
SESSION_AGE_SECONDS = env("SESSION_AGE_SECONDS", up_to(2_592_000), default=43_200, hint="Give seconds.")
SESSION_COOKIE_AGE = SESSION_AGE_SECONDS
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("kk", "Қазақша"), ("ru", "Русский")]
# Our own messages, and those that Django and the packages seen in the admin leave in English.
LOCALE_PATHS = [BASE_DIR / "kzforeign" / "locale", BASE_DIR / "kzforeign" / "locale_of_packages"]
FORMAT_MODULE_PATH = ["kzforeign.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "kzforeign" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Nothing is loaded from elsewhere and no page carries a script or style of its own. `data:` images are for the
# admin's and the API docs page's icons only.
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
# The form of an entry has seven fields for each of its citations, and Django's thousand would end at some 130.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# The largest spreadsheet that the admin takes, in bytes.
IMPORT_LIMIT = env(
    "IMPORT_LIMIT", whole_number, default=5 * 2**20, hint="Give a number of bytes, as 5242880."
)
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
KNOWN_BROWSER_COOKIE = "known"
if not DEBUG:
    # Whoever watches the site from beside it asks by HTTP.
    SECURE_REDIRECT_EXEMPT = ["^health/"]
    SECURE_SSL_REDIRECT = env("SECURE_SSL_REDIRECT", switch, default=True, hint="Write 1 or 0.")
    SECURE_HSTS_SECONDS = env("SECURE_HSTS_SECONDS", int, default=31_536_000, hint="Give seconds.")
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # A browser takes cookies of these names from this very host only, not from one beside it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    KNOWN_BROWSER_COOKIE = "__Host-known"

# How much of the API one address may ask for, and how many proxies stand before the server: each adds the address of
# whom it serves to X-Forwarded-For, of which nothing else is believed.
API_RATE = env("API_RATE", rate, default="1200/minute", hint="Write 1200/minute, 20/second or off.")
TRUSTED_PROXIES = env("TRUSTED_PROXIES", whole_number, default=0, hint="Give a number, 0 for none.")
# Where answers are kept that anybody may read, for as long as nothing is written; and how many bytes of them each
# process keeps, also in front of a Redis.
CACHE_URL = env(
    "CACHE_URL", cache_address, default="memory", hint="Write memory, off, or redis://host:6379/0."
)
CACHE_BYTES = env(
    "CACHE_BYTES", whole_number, default=64 * 2**20, hint="Give a number of bytes, as 67108864."
)
# Of the requests of an address, by which API_RATE is kept.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["apps.core.rendering.FastJSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.core.rendering.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["apps.core.api.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.paging.KeysetPagination",
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.throttling.PerAddress"],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.PublicSchema",
    "EXCEPTION_HANDLER": "apps.core.api.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "kzforeign",
    "DESCRIPTION": "The foreign relations of one state, each entry dated as precisely as its source "
    "allows and traceable to the paragraph that says so.\n\n"
    "Lists come in pages: follow `next` until it is null. A point in time is given as written (`edtf`, ISO 8601-2) and "
    "with the first and the last day that it may be; null is unknown, and the end `..` of a span is ongoing. With "
    "`as_of`, each row says whether it held certainly or possibly. Whatever is wrong with an address, an unknown "
    "parameter included, is answered with a problem in JSON (RFC 9457) that names it.\n\n"
    "`certainty` beside `as_of` keeps the certain rows, or the merely possible ones; `updated_since` and "
    "`ordering=updated` follow what changes, though not what is no longer published. `format=csv` has all rows of a "
    "list at once, `format=jsonld` an entry in the vocabulary of schema.org. `ETag` and `If-None-Match` save you what "
    "you have already; who asks too often is told when to come back (429). Worked examples: /about/analysts/.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # Instead of the hook that names each set of choices: eight kinds of `kind` have no good names of their own.
    "POSTPROCESSING_HOOKS": ["apps.core.schema.tidied", "apps.core.schema.with_examples"],
    "SORT_OPERATION_PARAMETERS": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": 0, "tryItOutEnabled": True},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOG_LEVEL = env(
    "LOG_LEVEL",
    log_level,
    default="INFO",
    hint="Write INFO, or WARNING to have no line for each request; DEBUG, ERROR.",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": f"apps.core.log_lines.{'PlainLine' if DEBUG else 'JsonLine'}"}},
    "filters": {"without_traceback": {"()": "apps.core.log_lines.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Of each request one line, at INFO (core.request_ids).
        "kzforeign": {"level": LOG_LEVEL},
        "apps": {"level": LOG_LEVEL},
        # Whose own handlers would write everything once more.
        "django": {"handlers": [], "level": "WARNING"},
        # What was asked for wrongly has its line already, and so has each request with the development server.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
    },
}
