"""The application with one page more, which says always the same: the measure of all others."""

from app import create_app
from core import access

CONSTANT = "/constant"

app = create_app()


@app.get(CONSTANT)
@access.public
def constant() -> str:
    return "<!doctype html><title>Constant</title><p>Always the same.</p>"
