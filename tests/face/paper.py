"""A ballot paper without a voting room behind it: to try the page and its element alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask, render_template
from playwright.sync_api import Page

from core.headers import POLICY
from voting.routes.standing_pages import Slip, State

KEPT = '<p class="standing-words is-kept" data-state="kept" data-change="1">Kept.</p>'
MILLION = 1_000_000_00
KINDS = ("Greenery", "Sport", "Libraries")
TITLES = ("Książka bliżej nas", "Łąki kwietne na Zabłociu", "Plac zabaw dla każdego")


@dataclass(frozen=True)
class Project:
    ref: str
    title: str
    cost_minor: int
    category: str
    place: str = "Podgórze"
    summary: str = "What it is, in a sentence."
    url: str = "/about"


@dataclass(frozen=True)
class Sheet:
    ref: str = "paper"
    title: str = "Podgórze 2026"
    language: str = "pl"
    currency: str = "PLN"
    budget_minor: int = 2 * MILLION
    min_length: int = 1
    max_length: int = 3
    closes_at: datetime = datetime.now(UTC) + timedelta(days=9)


def projects(number: int) -> list[Project]:
    """As many projects as asked, each of one million; the first three have names of their own."""
    names = [*TITLES, *(f"Project {n}" for n in range(len(TITLES) + 1, number + 1))][:number]
    return [
        Project(f"BO.{n}/24", name, MILLION, KINDS[n % len(KINDS)]) for n, name in enumerate(names)
    ]


def paper(app: Flask, number: int = 5, ranking: tuple[str, ...] = ()) -> str:
    """The page of a paper with so many projects."""
    with app.test_request_context("/paper"):
        return render_template(
            "voting/ballots/paper.html",
            contest=Sheet(),
            contest_urls={"paper": "/paper", "review": "/review", "keep": "/kept"},
            slip=Slip(State.UNKEPT if ranking else State.MISSING, 0, 1, False, Sheet().closes_at),
            options=projects(number),
            ranking=list(ranking),
            shown=None,
            query="",
            category="",
            key="key",
        )


def lay_before(page: Page, html: str) -> None:
    """Shows the page as if served, under the policy and with the scripts of the application."""
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/kept", lambda route: route.fulfill(body=KEPT, content_type="text/html"))
    page.route("**/paper", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("/paper", wait_until="load")


def ranked(page: Page) -> list[str]:
    """The names in the ranking, first to last."""
    return page.locator(".ranked [data-title]").all_inner_texts()


def sent(page: Page) -> list[str]:
    """The ranking as the form would send it."""
    script = "new FormData(document.querySelector('form.ballot')).getAll('ranking')"
    refs: list[str] = page.evaluate(script)
    return refs
