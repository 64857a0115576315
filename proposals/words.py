"""The words that readers see: what a state is called, and what comes next and by when."""

from collections.abc import Callable
from datetime import datetime

from babel import Locale
from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core import memory
from core.i18n import moment
from core.languages import reader_locale
from proposals.lifecycle import State

TONES = {
    State.DRAFT: "plain",
    State.PUBLISHED: "pending",
    State.FEASIBLE: "open",
    State.NOT_FEASIBLE: "unfunded",
    State.ON_BALLOT: "open",
    State.CHOSEN: "funded",
    State.NOT_CHOSEN: "unfunded",
    State.WITHDRAWN: "unfunded",
}


def state_words() -> dict[State, str]:
    """The word for each state, as short as a badge."""
    return _state_words(reader_locale())


@memory.remembered
def _state_words(locale: Locale) -> dict[State, str]:  # noqa: ARG001  (each has its own)
    return {
        State.DRAFT: gettext("Draft"),
        State.PUBLISHED: gettext("Awaiting review"),
        State.FEASIBLE: gettext("Feasible"),
        State.NOT_FEASIBLE: gettext("Not feasible"),
        State.ON_BALLOT: gettext("On the ballot"),
        State.CHOSEN: gettext("Chosen"),
        State.NOT_CHOSEN: gettext("Not chosen"),
        State.WITHDRAWN: gettext("Withdrawn"),
    }


def state_word(state: str) -> str:
    return state_words()[State(state)]


def state_tone(state: str) -> str:
    """The tone of the badge; it always stands beside the word."""
    return TONES[State(state)]


def part_words() -> dict[str, str]:
    """What a missing part of a proposal is asked for with."""
    return {
        "title": gettext("Give your proposal a title."),
        "category": gettext("Choose a theme."),
        "place": gettext("Say where: a street, a park, a building."),
        "what": gettext("Say what should be done."),
        "why": gettext("Say why it is needed."),
        "who_benefits": gettext("Say who benefits from it."),
        "cost_lines": gettext("Write at least one cost with its amount."),
    }


def what_comes_next(state: str, round_: Round, at: datetime) -> str:
    """One sentence for a reader of the proposal: what happens now, and by when."""
    stories: dict[State, Callable[[Round, datetime], str]] = {
        State.DRAFT: _after_draft,
        State.PUBLISHED: _after_publication,
        State.FEASIBLE: _after_review,
        State.ON_BALLOT: _on_ballot,
    }
    story = stories.get(State(state))
    return story(round_, at) if story else _ends()[State(state)]


def _ends() -> dict[State, str]:
    return {
        State.NOT_FEASIBLE: gettext(
            "It will not stand on the ballot paper. The reasons are on this page."
        ),
        State.CHOSEN: gettext("The voters chose it, and the city has promised the money."),
        State.NOT_CHOSEN: gettext(
            "The voters did not choose it in this round. It may be proposed again."
        ),
        State.WITHDRAWN: gettext("It goes no further."),
    }


def _after_draft(round_: Round, at: datetime) -> str:
    submission = round_.span_of(PhaseKind.SUBMISSION)
    if submission is None or not round_.is_in(PhaseKind.SUBMISSION, at):
        return gettext("This round takes no proposals now. Your text stays here for you to read.")
    return gettext(
        "Publish it by %(time)s so that it is reviewed.", time=moment(submission.ends_at)
    )


def _after_publication(round_: Round, at: datetime) -> str:
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is not None and at >= voting.starts_at:
        return gettext("It was not reviewed before voting began, so it is on no ballot paper.")
    review = round_.span_of(PhaseKind.REVIEW) or round_.span_of(PhaseKind.SUBMISSION)
    if review is None:
        return gettext("The town hall looks at whether it can be done, and gives its reasons here.")
    return gettext(
        "The town hall looks at whether it can be done, and gives its reasons here by %(time)s.",
        time=moment(review.ends_at),
    )


def _after_review(round_: Round, at: datetime) -> str:
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is None:
        return gettext("It can be done, and waits for the vote.")
    if at < voting.starts_at:
        return gettext(
            "It can be done. Voting opens on %(time)s, and it will be on the ballot paper.",
            time=moment(voting.starts_at),
        )
    return gettext("It can be done, but it stands on no ballot paper of this round.")


def _on_ballot(round_: Round, at: datetime) -> str:
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is None or at < voting.starts_at:
        opens = moment(voting.starts_at) if voting else gettext("a day still to be set")
        return gettext("It stands on the ballot paper. Voting opens on %(time)s.", time=opens)
    if at < voting.ends_at:
        return gettext("Residents can rank it until %(time)s.", time=moment(voting.ends_at))
    return gettext("Voting has closed. The result is shown here once it has been published.")
