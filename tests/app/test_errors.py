"""When something does not work: what happened, what was kept, what to do, in plain words."""

import io
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from wtforms import PasswordField

from accounts.models import User
from app import errors
from app.errors import HIDDEN
from core import access
from core.database import db
from core.refusals import Refusal, refuse
from districts.models import District
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World

pytestmark = pytest.mark.sqlite
TYPED = "Trees along the river, please."


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The application as it is served, with a page that breaks and one that is refused."""
    errors.init_app(app)  # tests take the handler of the unexpected out; here it is tried

    @access.public
    def breaks() -> str:
        db.session.add(District(ref="half", name="Half done"))
        db.session.flush()
        raise RuntimeError("secret detail of the machine")

    @access.public
    def refused() -> str:
        db.session.add(District(ref="half", name="Half done"))
        db.session.flush()
        refuse(Refusal("closed", 409, "Voting closed at 18:00.", "Look at the results.", "/rounds"))

    @access.public
    def away() -> str:
        raise OperationalError("SELECT", {}, Exception("disk is full"))

    app.testing = False
    for view in (breaks, refused, away):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    return app


def page(response: Any) -> str:
    return text_of(response.text)


@pytest.mark.parametrize(
    ("method", "url", "status", "words"),
    [
        ("GET", "/no-such-page", 404, "There is no page at this address."),
        ("GET", "/proposals/nosuchref1", 404, "There is no page at this address."),
        ("POST", "/", 405, "This address cannot be used in this way."),
        ("PUT", "/proposals", 405, "This address cannot be used in this way."),
        ("DELETE", "/", 405, "This address cannot be used in this way."),
        ("TRACE", "/", 405, "This address cannot be used in this way."),
        ("GET", "/account/\x00", 404, "There is no page at this address."),
        ("GET", "/?q=a%00b", 400, "This request could not be read. Nothing was changed."),
    ],
)
def test_each_mistake_is_a_page_in_plain_words(
    client: BrowserLikeClient, method: str, url: str, status: int, words: str
) -> None:
    response = client.open(url, method=method)

    assert response.status_code == status
    assert words in page(response)
    assert "Go to the front page" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_method_that_is_not_there_names_those_that_are(client: BrowserLikeClient) -> None:
    response = client.post("/")

    assert "GET" in response.headers["Allow"]


def test_a_page_that_breaks_says_so_and_nothing_of_the_machine(
    broken: Flask, client: BrowserLikeClient
) -> None:
    response = client.post("/breaks", data={"why": TYPED})

    assert response.status_code == 500
    assert "Something went wrong on our side" in page(response)
    assert TYPED in page(response)
    assert "secret detail" not in response.text
    assert "Traceback" not in response.text
    assert db.session.query(District).count() == 0


def test_a_refusal_is_its_sentence_and_undoes_what_was_begun(
    broken: Flask, client: BrowserLikeClient
) -> None:
    response = client.post("/refused", data={"why": TYPED})

    assert response.status_code == 409
    assert "Voting closed at 18:00." in page(response)
    assert "Look at the results." in page(response)
    assert 'href="/rounds"' in response.text
    assert TYPED in page(response)
    assert db.session.query(District).count() == 0


def test_a_database_that_is_away_is_told_with_when_to_try_again(
    broken: Flask, client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)
    response = client.post("/away", data={"why": TYPED})

    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Nothing was changed" in page(response)
    assert TYPED in page(response)
    assert "disk is full" not in response.text


def test_who_signed_in_gets_a_sentence_even_if_nothing_can_be_asked_of_the_database(
    broken: Flask, client: BrowserLikeClient, amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.sign_in(client, amara)
    db.session.commit()

    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("BEGIN", {}, Exception("server closed the connection"))

    monkeypatch.setattr(db.session, "execute", gone)
    monkeypatch.setattr(db.session, "scalar", gone)
    monkeypatch.setattr(db.session, "scalars", gone)
    response = client.get("/account")

    assert response.status_code == 503
    assert "This cannot be done right now" in page(response)


def test_even_a_page_that_cannot_be_shown_ends_in_a_sentence(
    broken: Flask, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_page(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("template is gone")

    monkeypatch.setattr("core.responses.page", no_page)
    response = client.get("/breaks")

    assert response.status_code == 500
    assert response.mimetype == "text/plain"
    assert "Something went wrong on our side" in response.text


def test_a_fragment_gets_the_sentence_alone(broken: Flask, client: BrowserLikeClient) -> None:
    response = client.htmx("POST", "/refused")

    assert response.status_code == 409
    assert "Voting closed at 18:00." in response.text
    assert "<html" not in response.text
    assert response.headers["HX-Retarget"] == "#notices"


# --- what was typed ----------------------------------------------------------------------------


@pytest.mark.attack("B59")
def test_what_was_typed_is_shown_back_when_the_page_was_open_too_long(
    client: BrowserLikeClient, amara: User, world: World
) -> None:
    people.sign_in(client, amara)
    response = client.post(
        f"/threads/{world.thread.ref}/posts", data={"text": TYPED, "csrf_token": "old"}, csrf=False
    )

    assert response.status_code == 400
    assert "This page was open too long" in page(response)
    assert TYPED in page(response)
    assert "csrf" not in response.text.lower().replace("csrf_token", "")


def test_what_was_typed_is_shown_back_to_whom_the_session_has_left(
    client: BrowserLikeClient, world: World
) -> None:
    response = client.post(f"/threads/{world.thread.ref}/posts", data={"text": TYPED})

    assert response.status_code == 401
    assert "You are not signed in any more. Nothing was sent yet." in page(response)
    assert TYPED in page(response)


def test_what_was_typed_stands_there_as_text(client: BrowserLikeClient) -> None:
    response = client.post("/login", data={"email": "<script>alert(1)</script>"}, csrf=False)

    assert "<script>alert" not in response.text
    assert "&lt;script&gt;" in response.text


@pytest.mark.parametrize(
    "url", ["/login", "/register", "/account/password", "/no-such-page", "/receipts"]
)
def test_passwords_tokens_and_codes_are_never_shown_back(
    client: BrowserLikeClient, amara: User, url: str
) -> None:
    people.sign_in(client, amara)
    names = {field for form in forms_of_the_house(FlaskForm) for field in passwords_of(form)}
    assert {"password", "current"} <= names
    secret = dict.fromkeys([*names, "csrf_token", "code", "key", "register_id"], "top secret text")

    response = client.post(url, data={**secret, "remark": TYPED}, csrf=False)

    assert response.status_code >= 400
    assert "top secret text" not in response.text
    assert TYPED in response.text


def test_a_ballot_is_never_shown_back_on_a_page_of_errors(
    client: BrowserLikeClient, amara: User, world: World
) -> None:
    people.sign_in(client, amara)
    known, unknown = f"/ballots/{world.city_contest.ref}/casts", "/ballots/nosuchref1/casts"
    for url, status in ((known, 400), (unknown, 404)):
        data = {"ranking": ["0-1", "0-2"], "choice": "0-1", "key": "k"}
        response = client.post(url, data=data, csrf=False)

        assert response.status_code == status
        assert "What you typed" not in response.text


def forms_of_the_house(base: type[Any]) -> set[type[Any]]:
    below = set(base.__subclasses__())
    return below | {each for child in below for each in forms_of_the_house(child)}


def passwords_of(form: type[Any]) -> set[str]:
    kinds = {name: getattr(form, name) for name in dir(form) if not name.startswith("_")}
    return {
        name
        for name, field in kinds.items()
        if isinstance(getattr(field, "field_class", None), type)
        and issubclass(field.field_class, PasswordField)
        and form.__module__.startswith("accounts")
    }


# --- size --------------------------------------------------------------------------------------


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: BrowserLikeClient) -> None:
    response = client.post(
        "/login",
        input_stream=io.BytesIO(b""),
        environ_overrides={"CONTENT_LENGTH": str(100 * 1024 * 1024)},
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 413
    assert "too large" in page(response)


def test_a_form_of_ten_thousand_parts_is_refused(client: BrowserLikeClient) -> None:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(10_000)
    )
    response = client.post(
        "/login", data=parts + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
    )

    assert response.status_code == 413
    assert "too large" in page(response)


def test_hidden_names_are_those_that_forms_use() -> None:
    assert {"password", "current", "ranking", "csrf_token"} <= HIDDEN
