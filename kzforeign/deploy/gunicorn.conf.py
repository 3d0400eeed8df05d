"""How the site is served: gunicorn -c kzforeign/deploy/gunicorn.conf.py kzforeign.wsgi

WEB_CONCURRENCY is the number of processes, one or two for each core.
"""

import os

bind = "127.0.0.1:8000"
# Threads, so that who waits for a database or takes long to read keeps nobody else waiting. Each has connections of its
# own: workers x threads of them to the primary and as many to the replica. Who is slow to ask takes none of them.
worker_class = "kzforeign.deploy.whole_heads.WholeHeads"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# A worker that shows no sign of life for so many seconds is replaced; what it is answering may go on as long on a stop.
timeout = 60
graceful_timeout = 30
# Longer than nginx keeps a connection, so that it never takes one that is just being closed.
keepalive = 75
# What leaks a little anywhere ends with its process, and not all processes end at once: they get equally much to do.
max_requests = 500_000
max_requests_jitter = 500_000
# The site is loaded once, so that a worker that takes the place of another is there in no time. An upgrade takes a
# restart, then, and not only a reload.
preload_app = True
# nginx has refused by then what is too long, and the site answers the rest in its own words.
limit_request_line = 0
# Signs of life are written to memory: on a busy disk they would come late.
worker_tmp_dir = "/dev/shm"  # nosec B108  # gunicorn makes a file there that has no name.
# nginx and the site have the log of who asked for what.
accesslog = None
# Lines as those of the site: one for each event, JSON, without what an address asks for.
logconfig_dict = {
    "formatters": {"line": {"()": "apps.core.log_lines.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
control_socket_disable = True
