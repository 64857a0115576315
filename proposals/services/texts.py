"""Writing a proposal: draft, change, publish, withdraw, throw away."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from budgets.models import Round
from core import audit, text
from core.actors import Actor
from core.database import db
from proposals import discussions, search
from proposals.lifecycle import State
from proposals.models import CostLine, Proposal
from proposals.queries.proposals import proposal_of_key
from proposals.texts import CostItem, ProposalText


def write_proposal(
    round_: Round, said: ProposalText, *, form_key: str | None, by: Actor, at: datetime
) -> Proposal:
    """A new draft. The same form sent twice makes one: its second text is kept in the first."""
    draft = Proposal(
        round_id=round_.id,
        author_id=by.id,
        state=State.DRAFT.value,
        form_key=form_key or None,
        created_at=at,
        updated_at=at,
        title=said.title,
    )
    _take(draft, said)
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        made = proposal_of_key(by, form_key or "")
        if made is None:
            raise
        return made
    audit.record("write_proposal", _subject(draft), by=by, at=at)
    return draft


def change_proposal(proposal: Proposal, said: ProposalText, *, by: Actor, at: datetime) -> bool:
    """Another text, at once for everybody if the proposal is public. False where it is the same."""
    before = text_of(proposal)
    if said == before:
        return False
    changed = [name for name in vars(said) if getattr(said, name) != getattr(before, name)]
    _take(proposal, said)
    proposal.version += 1
    proposal.updated_at = at
    db.session.flush()
    if proposal.published_at is not None:
        search.index(proposal)
        discussions.open_for(proposal, at)
    audit.record(
        "change_proposal", _subject(proposal), by=by, at=at,
        version=proposal.version, changed=changed,
    )  # fmt: skip
    return True


def publish_proposal(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Everybody can read the draft from now on. Publishing again changes nothing."""
    if proposal.state != State.DRAFT:
        return
    proposal.state = State.PUBLISHED.value
    proposal.published_at = proposal.updated_at = at
    db.session.flush()
    search.index(proposal)
    discussions.open_for(proposal, at)
    audit.record("publish_proposal", _subject(proposal), by=by, at=at)


def withdraw_proposal(proposal: Proposal, *, reason: str, by: Actor, at: datetime) -> None:
    """Takes the proposal out of the round. Its page stays and says so; the text is not shown."""
    proposal.state = State.WITHDRAWN.value
    proposal.withdrawn_at = proposal.updated_at = at
    proposal.withdrawal_reason = reason
    db.session.flush()
    search.forget(proposal)
    audit.record("withdraw_proposal", _subject(proposal), by=by, at=at, reason=reason)


def discard_draft(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Throws away a draft that nobody but its author has seen."""
    audit.record("discard_draft", _subject(proposal), by=by, at=at)
    db.session.delete(proposal)
    db.session.flush()


def text_of(proposal: Proposal) -> ProposalText:
    """What is saved, in the shape in which it is written."""
    return ProposalText(
        title=proposal.title,
        district_id=proposal.district_id,
        category_id=proposal.category_id,
        place=proposal.place,
        what=proposal.what,
        why=proposal.why,
        who_benefits=proposal.who_benefits,
        cost_lines=tuple(CostItem(line.label, line.amount_minor) for line in proposal.cost_lines),
    )


def _take(proposal: Proposal, said: ProposalText) -> None:
    proposal.title = said.title
    proposal.district_id, proposal.category_id = said.district_id, said.category_id
    proposal.place = said.place
    for name in ("what", "why", "who_benefits"):
        source = getattr(said, name)
        setattr(proposal, name, source)
        setattr(proposal, f"{name}_html", text.render(source))
    proposal.cost_minor = said.cost_minor
    _take_costs(proposal, said)


def _take_costs(proposal: Proposal, said: ProposalText) -> None:
    """Lines are changed in their place, so that no two of one position meet in the table."""
    kept = proposal.cost_lines[: len(said.cost_lines)]
    for line, item in zip(kept, said.cost_lines, strict=False):
        line.label, line.amount_minor = item.label, item.amount_minor
    added = said.cost_lines[len(kept) :]
    proposal.cost_lines[:] = kept + [
        CostLine(position=position, label=item.label, amount_minor=item.amount_minor)
        for position, item in enumerate(added, start=len(kept))
    ]


def _subject(proposal: Proposal) -> str:
    return f"proposal:{proposal.ref}"
