"""The Atom feed of published results."""

from flask import url_for
from flask_babel import gettext, ngettext

from budgets.models import Round
from core.database import db
from core.feeds import Feed
from core.i18n import money, number
from transparency.models import PublishedRound
from transparency.queries import contests_for_money, latest_publications, published_contests


def results_feed(*, title: str, site: str, feed_path: str) -> str:
    """The newest publications. `site` is the address of the whole site, without a last slash."""
    feed = Feed(
        title, feed_url=site + feed_path, url=f"{site}/rounds", id=site + feed_path, author=site
    )
    for publication in latest_publications():
        round_ = db.session.get(Round, publication.round_id)
        if round_ is None or round_.announced_at is None:
            continue
        address = site + url_for("transparency.rounds.show", ref=round_.ref)
        feed.add(
            round_.name,
            _summary(publication, round_),
            content_type="text",
            url=address,
            id=f"{address}#{publication.manifest_sha256}",
            updated=publication.published_at,
            published=publication.published_at,
        )
    return str(feed.to_string())


def _summary(publication: PublishedRound, round_: Round) -> str:
    everything, for_money = published_contests(publication), contests_for_money(publication)
    questions = len(everything) - len(for_money)
    parts = [gettext("%(ballots)s ballots.", ballots=number(sum(e.ballots for e in everything)))]
    if for_money:
        funded = gettext(
            "%(funded)s proposals are funded, for %(spent)s.",
            funded=number(sum(each.funded for each in for_money)),
            spent=money(sum(each.spent_minor for each in for_money), round_.currency),
        )
        parts.append(funded)
    if questions:
        decided = ngettext(
            "One question without money is decided.",
            "%(num)s questions without money are decided.",
            questions,
        )
        parts.append(decided)
    files = gettext(
        "The list of the published files has the SHA-256 %(sha256)s.",
        sha256=publication.manifest_sha256,
    )
    return " ".join([*parts, files])
