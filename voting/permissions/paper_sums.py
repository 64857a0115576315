"""What is missing before papers can be approved, put into the box and counted, in sentences."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext
from markupsafe import Markup

from budgets.names import named
from core.i18n import number
from core.languages import sentence
from voting.models import Contest
from voting.paper_keys import totals
from voting.queries.paper import PapersGiven, papers_given
from voting.queries.paper_batches import BatchState, batches_of, state_of


def what_batch_lacks(state: BatchState) -> list[str]:
    """What keeps this batch from being approved, in sentences; nothing where it is complete."""
    batch, sums = state.batch, state.sums
    if batch.approved_on is not None:
        return []
    place, keyed = batch.place, [len(each) for each in state.readings]
    if not state.both_finished:
        done = sum(each.is_finished for each in batch.keyers)
        return [
            gettext("%(place)s: one of the two people has still to finish keying.", place=place)
            if done
            else gettext("%(place)s: two people have still to key these papers.", place=place)
        ]
    if not state.same_number:
        return [
            gettext(
                "%(place)s: one keyed %(first)s papers, the other %(second)s. Count the stack.",
                place=place,
                first=number(keyed[0]),
                second=number(keyed[1]),
            )
        ]
    if state.unsettled:
        words = ngettext(
            "%(place)s: %(num)s difference is not settled by both.",
            "%(place)s: %(num)s differences are not settled by both.",
            len(state.unsettled),
            place=place,
        )
        return [words]
    return [] if sums.hold else [_not_adding_up(place, state)]


def what_contest_lacks(contest: Contest) -> list[str]:
    """What keeps the paper ballots of this contest out of the box, in sentences."""
    states = [state_of(batch) for batch in batches_of([contest.id])]
    lacking = [said for state in states for said in what_batch_lacks(state)]
    lacking += [
        gettext("%(place)s: an officer has not approved this batch.", place=state.batch.place)
        for state in states
        if state.batch.approved_on is None and not what_batch_lacks(state)
    ]
    on_roll = papers_given([contest.id]).get(contest.id, PapersGiven())
    return lacking + _against_the_roll(contest, states, on_roll)


def title_of(contest: Contest) -> Markup:
    """The title inside a sentence, marked where it is in another language than the page."""
    return named(contest.title, contest.round.language)


def _against_the_roll(
    contest: Contest, states: Sequence[BatchState], on_roll: PapersGiven
) -> list[str]:
    """Where the batches together say something else than the marks on the roll."""
    sums = totals([state.sums for state in states])
    sentences: list[str] = []
    if sums.issued != on_roll.given:
        sentences.append(
            sentence(
                gettext(
                    "“%(title)s”: papers given to people are %(given)s by the roll, and %(issued)s"
                    " by the batches."
                ),
                title=title_of(contest),
                given=number(on_roll.given),
                issued=number(sums.issued),
            )
        )
    if sums.returned != on_roll.returned:
        sentences.append(
            sentence(
                gettext(
                    "“%(title)s”: papers brought back are %(marks)s by the roll, and %(returned)s"
                    " by the batches."
                ),
                title=title_of(contest),
                marks=number(on_roll.returned),
                returned=number(sums.returned),
            )
        )
    return sentences


def _not_adding_up(place: str, state: BatchState) -> str:
    sums = state.sums
    return gettext(
        "%(place)s: %(issued)s papers were given out, but %(counted)s valid + %(spoiled)s spoiled +"
        " %(unused)s not put into the box + %(returned)s brought back make %(found)s.",
        place=place,
        issued=number(sums.issued),
        counted=number(sums.counted),
        spoiled=number(sums.spoiled),
        unused=number(sums.unused),
        returned=number(sums.returned),
        found=number(sums.found),
    )
