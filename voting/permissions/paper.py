"""When somebody may be given ballot papers, give them back, and why paper keeps one off the web."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext, ngettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core import i18n
from core.actors import Actor, acts_as
from core.refusals import Refusal
from voting.district_rules import most_districts
from voting.models import Contest, PaperMark, RollEntry
from voting.queries.at_the_box import AnyVoter
from voting.queries.paper import contests_on_paper_for, has_cast_on_the_web, votes_on_paper


def why_not_work_with_paper(actor: Actor | None) -> Refusal | None:
    """Papers are given out, and keyed, by clerks and election officers."""
    if acts_as(actor, "clerk") or acts_as(actor, "officer"):
        return None
    sentence = gettext("Only clerks and election officers work with ballot papers.")
    return Refusal("not_at_the_desk", 403, sentence, gettext("Nothing was changed."))


def why_not_give_papers(
    actor: Actor | None,
    round_: Round,
    entry: RollEntry | None,
    contests: Sequence[Contest],
    at: datetime,
) -> Refusal | None:
    """Whether this person may be handed papers of these contests now.

    Holds while a transaction lasts only if the voter was locked in it. Raises LinkKeyMissing.
    """
    refusal = why_not_work_with_paper(actor) or _why_not_now(round_, at)
    if refusal is not None:
        return refusal
    if entry is None or entry.left_on is not None:
        return _not_on_roll()
    if votes_on_paper(round_.id, entry):
        return _has_papers_already()
    if has_cast_on_the_web(round_.id, entry):
        return _voted_on_the_web()
    allowed = {contest.id for contest in contests_on_paper_for(round_.id, entry)}
    if not contests or not {contest.id for contest in contests} <= allowed:
        return Refusal(
            "wrong_papers",
            422,
            gettext("These are not the papers that this person may have. Nothing was marked."),
            gettext("Find the person again, and hand out the papers named there."),
        )
    return _too_many_districts(round_, contests)


def _too_many_districts(round_: Round, contests: Sequence[Contest]) -> Refusal | None:
    districts = {each.district_id for each in contests} - {None}
    most = most_districts(round_.district_rule, round_.districts_most)
    if most is None or len(districts) <= most:
        return None
    return Refusal(
        "too_many_districts",
        422,
        ngettext(
            "In this round everybody may vote for %(num)s district. Nothing was marked.",
            "In this round everybody may vote for %(num)s districts. Nothing was marked.",
            most,
        ),
        gettext("Ask the person which she chooses."),
    )


def why_not_take_papers_back(
    actor: Actor | None, round_: Round, mark: PaperMark | None, at: datetime
) -> Refusal | None:
    """Papers come back unused only while voting is open: she may vote on the web then."""
    refusal = why_not_work_with_paper(actor) or _why_not_now(round_, at)
    if refusal is not None:
        return refusal
    if mark is None or mark.returned_on is not None:
        return Refusal(
            "no_papers",
            409,
            gettext("The roll does not say that this person has papers."),
            gettext("Nothing was changed. Find the person again."),
        )
    return None


def why_not_on_the_web(round_id: int, entry: AnyVoter) -> Refusal | None:
    """Whoever was given papers votes on paper: nothing is cast on the web besides."""
    if not votes_on_paper(round_id, entry):
        return None
    contact = current_app.config["SETTINGS"].contact_email
    return Refusal(
        "on_paper",
        409,
        gettext(
            "You were given ballot papers for this round, so you vote on paper."
            " Nothing was cast here."
        ),
        gettext(
            "To vote here instead, give the unused papers back where you got them. If you never"
            " had any, write to %(contact)s.",
            contact=contact,
        ),
    )


def _why_not_now(round_: Round, at: datetime) -> Refusal | None:
    voting = round_.span_of(PhaseKind.VOTING)
    if round_.announced_at is None or voting is None or at < voting.starts_at:
        sentence = gettext("Voting is not open yet, so no papers are given out.")
        when = (
            gettext("Opens on %(moment)s.", moment=i18n.moment(voting.starts_at)) if voting else ""
        )
        return Refusal("not_open_yet", 409, sentence, when)
    if voting.ends_at <= at:
        return Refusal(
            "closed",
            409,
            gettext("Voting is over, so the roll is not marked any more."),
            gettext("Papers that come back now count as unused: write their number in the batch."),
        )
    return None


def _not_on_roll() -> Refusal:
    return Refusal(
        "not_on_roll",
        409,
        gettext("Nobody with this number is on the roll. Nothing was marked."),
        gettext("Look at the number again. Somebody new in town is entered on the roll first."),
    )


def _has_papers_already() -> Refusal:
    return Refusal(
        "has_papers",
        409,
        gettext("This person was given papers in this round already. Nothing was marked."),
        gettext(
            "Whoever spoilt a paper gets another in exchange: tear the old one up, and write"
            " nothing down. Whoever never had any: take the mark back first."
        ),
    )


def _voted_on_the_web() -> Refusal:
    return Refusal(
        "voted_on_the_web",
        409,
        gettext("This person has voted on the web in this round. No papers can be given."),
        gettext(
            "That ballot counts. It can be changed on the web until voting closes, also on the"
            " computer at the town hall."
        ),
    )
