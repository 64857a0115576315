"""The menus: what the public sees on every page, and what staff see in theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel import Locale
from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from core import access, memory, slots
from core.languages import reader_locale

Entry = tuple[str, str, str]
# Pages of a piece of work that stand in other modules than its first page.
PAGES_OF_WORK = {
    "voting.papers.rounds": ("voting.paper_batches.", "voting.paper_keys."),
    "voting.rounds.index": tuple(
        f"{pages}."
        for pages in (
            "voting.anomalies", "voting.calendars", "voting.categories", "voting.contests",
            "voting.counts", "voting.extensions", "voting.frozen_rules", "voting.objections",
            "voting.pots", "voting.questions", "voting.rules", "voting.trials",
            "transparency.publications",
        )
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One entry of a menu."""

    label: str
    url: str
    current: bool


def menu() -> list[Item]:
    """The public menu, the same on every page."""
    return _items(_public)


def account_menu() -> list[Item]:
    """The way in, or to what is one's own."""
    if not current_user.is_authenticated:
        return _items(_letter if any(slots.call("votes_by_letter")) else _way_in)
    return _items(_staff_account if current_user.roles else _account)


def foot() -> list[Item]:
    """What stands at the foot of every page."""
    return _items(_foot)


def _public() -> Sequence[Entry]:
    return (
        (gettext("Budget rounds"), "transparency.rounds.index", "transparency."),
        (gettext("Proposals"), "proposals.index", "proposals."),
        (gettext("Roundtables"), "forums.roundtables.index", "forums."),
        (gettext("Meetings"), "engagement.index", "engagement."),
        (gettext("How it works"), "app.how_it_works", "app.how_it_works"),
    )


def _way_in() -> Sequence[Entry]:
    return ((gettext("Sign in"), "security.login", "security.login"),)


def _letter() -> Sequence[Entry]:
    return ((gettext("My ballot papers"), "voting.entrance.door", "voting.entrance"),)


def _account() -> Sequence[Entry]:
    return ((gettext("My account"), "accounts.account.show", "accounts.account.show"),)


def _staff_account() -> Sequence[Entry]:
    return ((gettext("Staff"), "app.staff_home", "app.staff_home"), *_account())


def _foot() -> Sequence[Entry]:
    return (
        (gettext("About"), "app.about", "app.about"),
        (gettext("How it works"), "app.how_it_works", "app.how_it_works"),
        (gettext("Check a receipt"), "voting.receipts.check", "voting.receipts.check"),
        (gettext("Moderation log"), "forums.moderation.log", "forums.moderation.log"),
        (gettext("Accessibility"), "app.accessibility", "app.accessibility"),
    )


def staff_menu() -> list[Item]:
    """What this member of staff may open, in the order of the work."""
    entries = (
        (gettext("Staff home"), "app.staff_home"),
        (gettext("Second person"), "accounts.admin.approvals.index"),
        (gettext("Confirm residents"), "accounts.admin.residents.index"),
        (gettext("Voter register"), "voting.registers.index"),
        (gettext("Letters and codes"), "voting.letters.index"),
        (gettext("Budget rounds"), "voting.rounds.index"),
        (gettext("Paper voting"), "voting.papers.rounds"),
        (gettext("Reviews"), "proposals.admin.reviews"),
        (gettext("Reports"), "forums.moderation.reports"),
        (gettext("Open a roundtable"), "forums.roundtables.new"),
        (gettext("Plan a meeting"), "engagement.admin.new"),
        (gettext("People and roles"), "accounts.admin.people.index"),
        (gettext("Districts"), "districts.admin.index"),
        (gettext("Record of acts"), "accounts.admin.trail.index"),
    )
    here = request.endpoint or ""
    return [
        Item(label, url_for(endpoint), here.startswith(_pages_of(endpoint)))
        for label, endpoint in entries
        if _may_open(endpoint)
    ]


def _pages_of(endpoint: str) -> tuple[str, ...]:
    return (endpoint.rpartition(".")[0] + ".", *PAGES_OF_WORK.get(endpoint, ()))


def _items(entries: Callable[[], Sequence[Entry]]) -> list[Item]:
    here = request.endpoint or ""
    known = _addressed(entries, reader_locale(), request.script_root)
    return [Item(label, url, here.startswith(prefix)) for label, url, prefix in known]


@memory.remembered
def _addressed(
    entries: Callable[[], Sequence[Entry]],
    locale: Locale,  # noqa: ARG001  (each language and each root has its own)
    root: str,  # noqa: ARG001
) -> list[Entry]:
    """What is said, the address, and the endpoints that count as being there."""
    return [
        (label, url_for(endpoint), prefix)
        for label, endpoint, prefix in entries()
        if _exists(endpoint)
    ]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _may_open(endpoint: str) -> bool:
    needed = access.declared(current_app, endpoint)
    if needed is None:
        return False
    return any(current_user.has_role(role) for role in needed.roles)
