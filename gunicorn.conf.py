"""How gunicorn runs Common Purse. WEB_WORKERS and JOBS are explained in config.py."""

import sys

from config import WrongSettings, load_settings

try:
    settings = load_settings()
except WrongSettings as error:
    sys.exit(str(error))

# The application is loaded once, before the workers part: one that was killed is back at once, not
# after the seconds that loading takes, and all share its memory. Nothing is connected and no thread
# runs by then, as a test sees; each worker makes its own. New code needs a restart, not a reload.
preload_app = True
worker_class = "gthread"
workers = settings.web_workers
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
control_socket_disable = True
loglevel = "warning"


def post_worker_init(worker):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Starts the jobs' thread in the one process that serves, where no other worker does them."""
    from core.worker import start_thread

    app = worker.wsgi
    while not hasattr(app, "extensions"):
        app = app.application if hasattr(app, "application") else app.app
    if app.extensions["jobs_mode"] == "in-process":
        start_thread(app.extensions["huey"])
