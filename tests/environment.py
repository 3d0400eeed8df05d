"""What the tests need of the environment, set before the settings are read (`-p` in pyproject.toml).

A newcomer has set nothing, and a developer's own settings must not change what the tests see. Only DATABASE_URL is
left as it is: the same tests run on SQLite and on PostgreSQL.
"""

import os
import sys

os.environ["DEBUG"] = "1"
for name in (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "FOCUS_STATE",
    "STATIC_ROOT",
    "TRUSTED_PROXIES",
    "RELEASES_ROOT",
    "SITE_ADDRESS",
    "CACHE_URL",
    "CACHE_BYTES",
    "DATABASE_REPLICA_URL",
    "REPLICA_LAG",
    "READ_TIMEOUT",
    "LOG_LEVEL",
    "SECOND_FACTOR",
    "SESSION_IDLE_SECONDS",
    "SESSION_AGE_SECONDS",
):
    os.environ.pop(name, None)
# Many tests ask from one address.
os.environ["API_RATE"] = "off"
# On PostgreSQL a test that waits for a lock that nobody will release, or for a query without end, fails and says so.
os.environ["PGOPTIONS"] = "-c lock_timeout=60s -c statement_timeout=60s"
# jsonschema builds 38 grammars of addresses where it finds this, which schemathesis brings: 1.6 seconds of each worker,
# for checks of formats that no test asks it for.
sys.modules["rfc3987_syntax"] = None
