"""Who of the cast is let in where."""

from flask import Flask

from core import access
from tests.harness import people
from tests.harness.crawl import EVERYBODY, NOBODY
from tests.harness.examples import Route


def holder_of(app: Flask, route: Route) -> str:
    """Somebody whom the route lets in; a resident rather than nobody, who meets more."""
    declaration = access.declared(app, route.endpoint)
    assert declaration is not None
    if not declaration.roles:
        return "amara"
    return next(
        name
        for name in EVERYBODY
        if name != NOBODY and set(people.CAST[name].roles) & set(declaration.roles)
    )
