"""The roof's own pages: home, about, health, the staff frame; and what every template knows."""

from typing import Any

from flask import Flask, current_app
from flask_login import current_user

from app import cli, routes
from app.demo import cast, codes
from app.navigation import account_menu, foot, menu, staff_menu
from core import audit, slots


def register(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    cli.register(app)
    slots.put(app, "hourly", audit.keep_head)
    app.context_processor(_everywhere)
    if app.config["SETTINGS"].demo:
        slots.put(app, "demo_sign_ins", cast.sign_ins)
        slots.put(app, "demo_letter", cast.letter)
        slots.put(app, "demo_code", codes.code_of)


def _everywhere() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    site = {
        "name": settings.site_name,
        "city": settings.city_name,
        "public_url": settings.public_url,
        "contact": settings.contact_email,
        "source_url": settings.source_url,
        "demo": settings.demo,
    }
    return {
        "site": site,
        "viewer": current_user,
        "menu": menu(),
        "account_menu": account_menu(),
        "foot": foot(),
        "staff_menu": staff_menu,
    }
