"""Answers: a whole page, a fragment of one, or a 303 to what was made."""

from collections.abc import MutableMapping
from typing import Any, TypeVar

from flask import Response, current_app, make_response, redirect, render_template
from flask.templating import Environment
from jinja2_fragments.flask import render_block
from werkzeug.wrappers import Response as BaseResponse

from core import htmx

Answer = TypeVar("Answer", bound=BaseResponse)


class Templates(Environment):
    """Templates that share what all may call as it is.

    The library lays an empty layer of its own over it for each template, which would be asked
    again for every name at every import and include of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """The whole page."""
    return make_response(render_template(template, **context), status)


def page_or_block(template: str, block: str, *, status: int = 200, **context: Any) -> Response:
    """The named block of the template when htmx asked, else the whole page."""
    if not htmx.asked():
        return page(template, status=status, **context)
    return make_response(render_block(template, block, **context), status)


def fragment(template: str, *, status: int = 200, **context: Any) -> Response:
    """A piece of a page by itself, for which no menu is made and no reader is looked up.

    It reads no table, so that it can be made after a commit without a transaction of its own.
    """
    piece = current_app.jinja_env.get_template(template).render(context)
    return make_response(piece, status)


def see_other(url: str) -> BaseResponse:
    """303: the act was done; here is where to look at it. Under htmx, the browser goes there."""
    if htmx.asked():
        return htmx.redirect_to(url)
    return redirect(url, code=303)


def private(response: Answer) -> Answer:
    """No cache, here or between, keeps this answer."""
    response.headers["Cache-Control"] = "no-store"
    return response
