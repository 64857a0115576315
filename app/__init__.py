"""The roof: it alone knows every room. `create_app` puts the house together."""

from app.factory import create_app, start

__all__ = ["create_app", "start"]
