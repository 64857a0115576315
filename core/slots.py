"""Slots: what an upper room adds to a lower room's page or act.

A lower room names a slot and calls what stands in it; an upper room puts a plain function there
in its `register(app)`. Rooms register from the ground up, so functions run in floor order.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

Function = Callable[..., Any]


def put(app: Flask, slot: str, function: Function) -> None:
    """Adds a function to a slot."""
    app.extensions.setdefault("slots", {}).setdefault(slot, []).append(function)


def call(slot: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Calls every function in the slot, in floor order, and returns what they answered."""
    functions: list[Function] = current_app.extensions.get("slots", {}).get(slot, [])
    return [function(*args, **kwargs) for function in functions]
