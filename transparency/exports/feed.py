"""The Atom feed of published results."""

from flask import url_for
from flask_babel import gettext

from budgets.models import Round
from core.database import db
from core.feeds import Feed
from core.i18n import money, number
from transparency.models import PublishedRound
from transparency.queries import latest_publications, published_contests


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
    contests = published_contests(publication)
    return gettext(
        "%(ballots)s ballots; %(funded)s proposals are funded, for %(spent)s. The list of the "
        "published files has the SHA-256 %(sha256)s.",
        ballots=number(sum(each.ballots for each in contests)),
        funded=number(sum(each.funded for each in contests)),
        spent=money(sum(each.spent_minor for each in contests), round_.currency),
        sha256=publication.manifest_sha256,
    )
