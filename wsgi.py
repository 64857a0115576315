"""The way in for a web server: `gunicorn wsgi:app`."""

from app import start

app = start()
