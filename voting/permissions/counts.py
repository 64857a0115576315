"""When an officer may close the voting, count the ballots, look at a count, and certify it."""

import hashlib
from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core.actors import Actor, acts_as
from core.i18n import moment
from core.refusals import Refusal
from voting import counting, link_keys
from voting.models import Contest, ContestCount
from voting.permissions.paper_batches import why_not_count_yet
from voting.queries.contests import contests_of
from voting.queries.counts import ballots_digest, latest_count


def why_not_count_rounds(actor: Actor | None) -> Refusal | None:
    """Ballots are counted, and counts seen before publication, by election officers."""
    if acts_as(actor, "officer"):
        return None
    sentence = gettext("Only election officers count ballots. Nothing was changed.")
    return Refusal("not_an_officer", 403, sentence)


def why_not_close_voting(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:
    """Ballots are sealed once the voting phase is over, never before."""
    refusal = why_not_count_rounds(actor)
    if refusal is not None:
        return refusal
    voting = round_.span_of(PhaseKind.VOTING)
    if round_.announced_at is None or voting is None:
        sentence = gettext("There was no voting in this round, so nothing can be closed.")
        return Refusal("no_voting", 409, sentence, gettext("Set its calendar and announce it."))
    if at < voting.ends_at:
        return Refusal(
            "voting_not_over",
            409,
            gettext("Voting is not over. It ends on %(end)s.", end=moment(voting.ends_at)),
            gettext("Nothing was changed. Come back then; the ballots wait."),
        )
    until = round_.objections_until
    if until is not None and at < until:
        return Refusal(
            "objections_heard",
            409,
            gettext("Objections about voters are heard until %(end)s.", end=moment(until)),
            gettext("Nothing was changed. Then the ballots are sealed and the keys destroyed."),
        )
    return None


def why_not_count(actor: Actor | None, contest: Contest, at: datetime) -> Refusal | None:  # noqa: ARG001
    """Only sealed ballots are counted, and not again once a count was certified."""
    refusal = why_not_count_rounds(actor)
    if refusal is not None:
        return refusal
    if contest.sealed_at is None:
        sentence = gettext("The ballots of “%(title)s” are not sealed.", title=contest.title)
        return Refusal("not_sealed", 409, sentence, gettext("Close the voting first."))
    if not contest.options:
        sentence = gettext("“%(title)s” had no proposals to rank.", title=contest.title)
        return Refusal("no_options", 409, sentence, gettext("There is nothing to count."))
    standing = latest_count(contest.id)
    if standing is None or standing.certified_at is None:
        return why_not_count_yet(contest)
    sentence = gettext("The count of “%(title)s” is certified already.", title=contest.title)
    return Refusal("certified", 409, sentence, gettext("Nothing was counted again."))


def why_not_certify(actor: Actor | None, count_: ContestCount, at: datetime) -> Refusal | None:  # noqa: ARG001
    """Only the newest count is certified, and only if it is of the ballots as they are now."""
    refusal = why_not_count_rounds(actor)
    if refusal is not None:
        return refusal
    title = count_.contest.title
    if count_.certified_at is not None:
        sentence = gettext("The count of “%(title)s” is certified already.", title=title)
        return Refusal("certified", 409, sentence, gettext("Nothing was changed."))
    newest = latest_count(count_.contest_id)
    if newest is None or newest.id != count_.id:
        sentence = gettext("There is a newer count of “%(title)s”.", title=title)
        return Refusal("not_latest", 409, sentence, gettext("Look at that one and certify it."))
    return _why_not_trust(count_) or why_not_unlinked(count_.contest)


def why_not_destroy_link_keys(
    actor: Actor | None,
    round_: Round,
    at: datetime,  # noqa: ARG001  (every permission is asked for a moment)
) -> Refusal | None:
    """The keys go once every box of the round is sealed; then nothing needs them any more."""
    refusal = why_not_count_rounds(actor)
    if refusal is not None:
        return refusal
    contests = contests_of(round_.id)
    if any(contest.sealed_at is None for contest in contests):
        sentence = gettext("Not all ballots of this round are sealed, and the keys seal them.")
        return Refusal("not_sealed", 409, sentence, gettext("Close the voting first."))
    if any(map(has_link_key, contests)):
        return None
    sentence = gettext("The link keys of this round are destroyed already. Nothing was changed.")
    return Refusal("no_link_keys", 409, sentence)


def why_not_unlinked(contest: Contest) -> Refusal | None:
    """While the key is there that tied ballots to persons, nothing is certified."""
    if not has_link_key(contest):
        return None
    return Refusal(
        "link_key_stands",
        409,
        gettext("The link key of “%(title)s” is not destroyed yet.", title=contest.title),
        gettext("Nothing was certified. Two officers destroy the keys first."),
        next_url=f"/staff/rounds/{contest.round.ref}/count",
        next_label=gettext("To the link keys"),
    )


def has_link_key(contest: Contest) -> bool:
    """Whether a key that ballots were tied by is still there. One that tied none does not count."""
    return contest.link_key_sha256 is not None and link_keys.exists(contest.ref)


def _why_not_trust(count_: ContestCount) -> Refusal | None:
    """A count whose ballots or document are not what they were is never signed."""
    title = count_.contest.title
    try:
        digest = ballots_digest(count_.contest)
    except (counting.CountingError, IndexError):
        digest = ""
    if digest != count_.ballots_sha256:
        sentence = gettext(
            "The ballots of “%(title)s” are not those that were counted.", title=title
        )
        next_step = gettext("Nothing was certified. Find out what changed them, then count again.")
        return Refusal("ballots_changed", 409, sentence, next_step)
    if hashlib.sha256(count_.document.encode()).hexdigest() != count_.document_sha256:
        sentence = gettext("The count of “%(title)s” was altered after it was made.", title=title)
        next_step = gettext("Nothing was certified. Find out who altered it, then count again.")
        return Refusal("count_altered", 409, sentence, next_step)
    return None
