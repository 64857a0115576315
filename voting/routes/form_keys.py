"""The idempotency key that stands in the forms of a ballot: made for one person and one contest."""

from flask import current_app, request

from voting import sealing
from voting.queries.at_the_box import AnyContest, AnyVoter


def form_key(contest: AnyContest, voter: AnyVoter) -> str:
    """The key that this form carried, if it is hers, else a new one: a retry keeps its key."""
    if read_form_key(contest, voter):
        return request.form["key"]
    return new_form_key(contest, voter)


def new_form_key(contest: AnyContest, voter: AnyVoter) -> str:
    return sealing.sign_form_key(_secret(), sealing.new_form_key(), contest.ref, voter.person_key)


def read_form_key(
    contest: AnyContest, voter: AnyVoter | None, signed: str | None = None
) -> str | None:
    """The key that was sent, or the one given, if it was made for this person and this contest."""
    if voter is None:
        return None
    sent = request.form.get("key", "") if signed is None else signed
    return sealing.read_form_key(_secret(), sent, contest.ref, voter.person_key)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
