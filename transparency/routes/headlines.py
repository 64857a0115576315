"""What a round's page says first: one sentence for where the round stands."""

from flask_babel import gettext, ngettext

from core.i18n import moment, number
from transparency.queries.round_page import RoundPage
from transparency.sentences import money
from transparency.standing import Standing


def label(standing: Standing) -> str:
    """A word or two for lists and badges."""
    words = {
        Standing.ANNOUNCED: gettext("Announced"),
        Standing.SUBMISSION: gettext("Open for proposals"),
        Standing.REVIEW: gettext("In review"),
        Standing.VOTING: gettext("Open for voting"),
        Standing.COUNT: gettext("Being counted"),
        Standing.PUBLISHED: gettext("Results published"),
    }
    return words[standing]


def tone(standing: Standing) -> str:
    """The tone of the badge beside the word."""
    if standing in {Standing.SUBMISSION, Standing.VOTING}:
        return "open"
    return "funded" if standing is Standing.PUBLISHED else "pending"


def headline(page: RoundPage) -> str:
    """The lead of the page: what is going on, and until when, or what came out."""
    say = {
        Standing.ANNOUNCED: _announced,
        Standing.SUBMISSION: _submission,
        Standing.REVIEW: _review,
        Standing.VOTING: _voting,
        Standing.COUNT: _count,
        Standing.PUBLISHED: _published,
    }[page.standing]
    return say(page)


def _announced(page: RoundPage) -> str:
    if not page.has_money:
        return _questions_announced(page)
    pot = money(page.pot, page.round.currency)
    if page.following is None:
        return gettext("%(pot)s will be decided by residents. The dates will follow.", pot=pot)
    return gettext(
        "%(pot)s will be decided by residents. It begins on %(moment)s.",
        pot=pot,
        moment=moment(page.following.starts_at),
    )


def _submission(page: RoundPage) -> str:
    if not page.has_money:
        return _questions_announced(page)
    return gettext(
        "Residents decide about %(pot)s. Anybody who has signed in can write a proposal until "
        "%(moment)s.",
        pot=money(page.pot, page.round.currency),
        moment=moment(page.phase.ends_at) if page.phase else "",
    )


def _review(page: RoundPage) -> str:
    if not page.has_money:
        return _questions_announced(page)
    if page.voting is None:
        return gettext("The town hall checks which proposals can be done and what they cost.")
    return gettext(
        "The town hall checks which proposals can be done and what they cost. Voting opens on "
        "%(moment)s.",
        moment=moment(page.voting.starts_at),
    )


def _voting(page: RoundPage) -> str:
    until = moment(page.phase.ends_at) if page.phase else ""
    if not page.has_money:
        return ngettext(
            "Residents answer one question, in order of preference, until %(moment)s.",
            "Residents answer %(num)s questions, in order of preference, until %(moment)s.",
            len(page.questions),
            moment=until,
        )
    said = ngettext(
        "Residents rank %(options)s proposals for %(pot)s until %(moment)s.",
        "Residents rank %(options)s proposals in %(num)s contests for %(pot)s until %(moment)s.",
        len(page.money_lines),
        options=number(page.options),
        pot=money(page.pot, page.round.currency),
        moment=until,
    )
    if not page.questions:
        return said
    besides = ngettext(
        "They also answer one question without money.",
        "They also answer %(num)s questions without money.",
        len(page.questions),
    )
    return f"{said} {besides}"


def _count(page: RoundPage) -> str:
    if page.due is None or page.phase is None or page.due <= page.phase.starts_at:
        return gettext(
            "Voting has ended. The ballots are counted, certified by an election officer, counted "
            "again by a second program, and then published by two officers together."
        )
    return gettext(
        "Voting has ended and the ballots are being counted. The results are to be published by "
        "%(moment)s.",
        moment=moment(page.due),
    )


def _published(page: RoundPage) -> str:
    if not page.has_money:
        return _questions_published(page)
    said = ngettext(
        "%(ballots)s ballots decided one contest: %(funded)s of %(options)s proposals are funded, "
        "for %(spent)s of the %(pot)s there was.",
        "%(ballots)s ballots decided %(num)s contests: %(funded)s of %(options)s proposals are "
        "funded, for %(spent)s of the %(pot)s there was.",
        len(page.money_lines),
        ballots=number(page.ballots),
        funded=number(page.funded),
        options=number(page.options),
        spent=money(page.spent, page.round.currency),
        pot=money(page.pot, page.round.currency),
    )
    if not page.questions:
        return said
    besides = ngettext(
        "One question without money is decided as well.",
        "%(num)s questions without money are decided as well.",
        len(page.questions),
    )
    return f"{said} {besides}"


def _questions_announced(page: RoundPage) -> str:
    number_of = len(page.questions)
    if page.voting is None:
        return ngettext(
            "Residents will decide one question. The dates will follow.",
            "Residents will decide %(num)s questions. The dates will follow.",
            number_of,
        )
    return ngettext(
        "Residents will decide one question. Voting opens on %(moment)s.",
        "Residents will decide %(num)s questions. Voting opens on %(moment)s.",
        number_of,
        moment=moment(page.voting.starts_at),
    )


def _questions_published(page: RoundPage) -> str:
    return ngettext(
        "%(ballots)s ballots decided one question.",
        "%(ballots)s ballots decided %(num)s questions.",
        len(page.questions),
        ballots=number(page.all_ballots),
    )
