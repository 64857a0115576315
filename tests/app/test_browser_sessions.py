"""What surrounds every request: a session in a signed cookie, and nothing that nobody needs."""

from inspect import iscoroutinefunction

import pytest
from flask import Flask
from werkzeug.test import Client

from tests.harness.client import BrowserLikeClient

pytestmark = pytest.mark.sqlite


def test_a_session_comes_back_as_it_was(client: BrowserLikeClient) -> None:
    held = {"letter": ["t0ken", 1_800_000_000], "of": {"ż": [None, True, 1.5]}, "word": "Łódź"}
    with client.session_transaction() as session:
        session.update(held)

    with client.session_transaction() as session:
        assert {name: session[name] for name in held} == held


def test_a_cookie_that_was_changed_or_signed_with_another_secret_holds_nothing(
    app: Flask, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client.session_transaction() as session:
        session["word"] = "mine"
    cookie = client.get_cookie("purse")
    assert cookie is not None

    with app.test_request_context(headers={"Cookie": f"purse={cookie.value}"}) as asked:
        assert asked.session["word"] == "mine"
    with app.test_request_context(headers={"Cookie": f"purse=x{cookie.value}"}) as asked:
        assert not asked.session
    monkeypatch.setattr(app, "secret_key", "another secret than before")
    with app.test_request_context(headers={"Cookie": f"purse={cookie.value}"}) as asked:
        assert not asked.session


def test_no_view_and_no_hook_is_a_coroutine(app: Flask) -> None:
    """So that nobody need ask each of them at each request."""
    hooks = [
        hook
        for kind in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
        for of_room in kind.values()
        for hook in of_room
    ]

    assert hooks
    assert not [
        each for each in (*app.view_functions.values(), *hooks) if iscoroutinefunction(each)
    ]


def test_marks_on_the_letters_of_two_fields_are_not_added_up(app: Flask) -> None:
    client = Client(app)
    marks = "\u0301" * 60

    assert client.get("/", query_string={"a": f"e{marks}", "b": marks}).status_code == 200
    assert client.get("/", query_string={"a": f"e{marks}{marks}"}).status_code == 400
