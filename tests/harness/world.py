"""A small town in which something of everything is there: for pages, listings and matrices.

It is laid out through the models, so that it stands before any screen does, and every text in it
is plain. `World` names what tests ask for; the rest is there to be listed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from budgets.models import Category, Phase, Pot, Round
from budgets.phases import PhaseKind
from core import clock
from core.database import db
from districts.models import District
from engagement.models import Meeting, SignUp
from forums.models import Flag, ModerationAct, Post, Roundtable, Thread
from proposals.lifecycle import State
from proposals.models import CostLine, Proposal, Review
from tests.harness import people
from voting import link_keys
from voting.models import Contest, Option

MILLION = 1_000_000_00  # in minor units


@dataclass(frozen=True)
class World:
    """The parts of the town that tests name."""

    riverside: District
    hillside: District
    voting_round: Round
    submission_round: Round
    city_contest: Contest
    riverside_contest: Contest
    hillside_contest: Contest
    option: Option
    on_ballot: Proposal
    published: Proposal
    draft: Proposal
    roundtable: Roundtable
    thread: Thread
    post: Post
    reply: Post
    hidden_post: Post
    flag: Flag
    moderation_act: ModerationAct
    meeting: Meeting


def build() -> World:
    """Lays the town out around this moment and commits it."""
    at = clock.now()
    riverside, hillside = people.district("Riverside"), people.district("Hillside")
    amara, bo, dana = people.cast("amara"), people.cast("bo"), people.cast("dana")
    voting_round = make_round("Budget 2026", "budget-2026", at, PhaseKind.VOTING)
    submission_round = make_round("Budget 2027", "budget-2027", at, PhaseKind.SUBMISSION)
    city, river, hill = (
        make_contest(voting_round, home, at) for home in (None, riverside, hillside)
    )
    published = make_proposal(submission_round, riverside, "A bench by the river", at, by=amara)
    review_of(published, at)
    draft = make_proposal(
        submission_round, riverside, "A draft of mine", at, by=amara, state=State.DRAFT
    )
    roundtable, thread = make_roundtable(submission_round, at, opened_by=dana)
    post = make_post(thread, amara, "The old bridge should be repaired first.", at)
    reply = make_post(thread, bo, "And the path to it.", at, parent=post)
    hidden_post = make_post(thread, bo, "Something rude.", at)
    act = hide(hidden_post, dana, at)
    flag = Flag(post_id=reply.id, user_id=amara.id, rule="off_topic", flagged_at=at)
    meeting = make_meeting(riverside, amara, at)
    db.session.add_all([flag, meeting])
    db.session.commit()
    option = river.options[0]
    on_ballot = db.session.get(Proposal, option.proposal_id)
    assert on_ballot is not None
    return World(
        riverside=riverside,
        hillside=hillside,
        voting_round=voting_round,
        submission_round=submission_round,
        city_contest=city,
        riverside_contest=river,
        hillside_contest=hill,
        option=option,
        on_ballot=on_ballot,
        published=published,
        draft=draft,
        roundtable=roundtable,
        thread=thread,
        post=post,
        reply=reply,
        hidden_post=hidden_post,
        flag=flag,
        moderation_act=act,
        meeting=meeting,
    )


def make_round(name: str, ref: str, at: datetime, phase: PhaseKind) -> Round:
    """An announced round of five phases of 30 days, in the middle of the given one."""
    kinds = list(PhaseKind)
    first = at - timedelta(days=30 * kinds.index(phase) + 15)
    budget_round = Round(
        ref=ref,
        name=name,
        summary="Money for what residents find most needed.",
        currency="PLN",
        total_minor=3 * MILLION,
        ends_at=first + timedelta(days=30 * len(kinds)),
        created_at=first,
        announced_at=first,
        phases=[
            Phase(kind=kind.value, starts_at=first + timedelta(days=30 * number))
            for number, kind in enumerate(kinds)
        ],
        categories=[Category(name="Parks"), Category(name="Streets")],
    )
    db.session.add(budget_round)
    db.session.flush()
    return budget_round


def make_contest(
    budget_round: Round, home: District | None, at: datetime, *, options: int = 4
) -> Contest:
    """A contest for a pot of one million, with options that cost 200,000, 400,000 and so on."""
    place = home.name if home else "the whole city"
    pot = Pot(
        round_id=budget_round.id,
        district_id=home.id if home else None,
        name=place,
        amount_minor=MILLION,
        position=home.position if home else 0,
    )
    db.session.add(pot)
    db.session.flush()
    contest = Contest(
        ref=f"{budget_round.ref}-{home.ref if home else 'city'}",
        round_id=budget_round.id,
        pot_id=pot.id,
        district_id=pot.district_id,
        position=pot.position,
        title=f"Proposals for {place}",
        currency=budget_round.currency,
        budget_minor=MILLION,
        min_length=1,
        max_length=3,
        rule="points-by-rank",
        rule_version="1",
        paper_seed="0" * 64,
    )
    db.session.add(contest)
    db.session.flush()
    for number in range(options):
        add_option(contest, budget_round, home, number, at)
    db.session.flush()
    link_keys.make(contest.ref)
    return contest


def add_option(
    contest: Contest, budget_round: Round, home: District | None, number: int, at: datetime
) -> Option:
    """One more option, with the proposal that it comes from."""
    title = f"Trees for {home.name if home else 'the city'}, lot {number + 1}"
    proposal = make_proposal(
        budget_round, home, title, at, state=State.ON_BALLOT, cost=MILLION * (number + 1) // 5
    )
    proposal.code = f"{contest.position}-{number + 1}"
    option = Option(
        contest_id=contest.id,
        number=number,
        ref=proposal.code,
        proposal_id=proposal.id,
        title=title,
        category="Parks",
        cost_minor=proposal.cost_minor,
        paper_position=number,
        tie_position=number,
    )
    db.session.add(option)
    db.session.flush()
    return option


def make_proposal(
    budget_round: Round,
    home: District | None,
    title: str,
    at: datetime,
    *,
    by: User | None = None,
    state: State = State.PUBLISHED,
    cost: int = MILLION // 10,
) -> Proposal:
    """A proposal with two cost lines, a day old."""
    proposal = Proposal(
        round_id=budget_round.id,
        district_id=home.id if home else None,
        category_id=budget_round.categories[0].id,
        author_id=by.id if by else None,
        state=state.value,
        title=title,
        what="Plant and water.",
        what_html="<p>Plant and water.</p>",
        place="By the old bridge",
        why="For shade.",
        why_html="<p>For shade.</p>",
        who_benefits="Everybody who walks there.",
        who_benefits_html="<p>Everybody who walks there.</p>",
        cost_minor=cost,
        created_at=at - timedelta(days=1),
        updated_at=at - timedelta(days=1),
        published_at=None if state is State.DRAFT else at - timedelta(days=1),
        cost_lines=[
            CostLine(position=0, label="Material", amount_minor=cost - cost // 4),
            CostLine(position=1, label="Work", amount_minor=cost // 4),
        ],
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def review_of(proposal: Proposal, at: datetime) -> Review:
    """A reviewer found the proposal feasible and left it as it is."""
    review = Review(
        proposal_id=proposal.id,
        reviewer_id=people.cast("farah").id,
        feasible=True,
        reason="It can be done on ground that the city owns.",
        reason_html="<p>It can be done on ground that the city owns.</p>",
        costing_minor=proposal.cost_minor,
        reviewed_at=at,
    )
    db.session.add(review)
    db.session.flush()
    return review


def make_roundtable(
    budget_round: Round, at: datetime, *, opened_by: User
) -> tuple[Roundtable, Thread]:
    """A roundtable that is open for a month, with one empty thread."""
    roundtable = Roundtable(
        title="What does the river bank need?",
        question="Tell us what you miss there.",
        question_html="<p>Tell us what you miss there.</p>",
        round_id=budget_round.id,
        opens_at=at - timedelta(days=2),
        closes_at=at + timedelta(days=30),
        opened_by_id=opened_by.id,
        created_at=at - timedelta(days=2),
    )
    db.session.add(roundtable)
    db.session.flush()
    thread = Thread(
        roundtable_id=roundtable.id,
        title="The old bridge",
        author_id=opened_by.id,
        created_at=at - timedelta(days=1),
        last_post_at=at - timedelta(days=1),
    )
    db.session.add(thread)
    db.session.flush()
    return roundtable, thread


def make_post(
    thread: Thread, author: User, text: str, at: datetime, *, parent: Post | None = None
) -> Post:
    """A post at the end of the thread, or a reply to its parent."""
    thread.post_count += 1
    thread.last_post_at = at
    post = Post(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        author_id=author.id,
        author_name=author.display_name,
        path=f"{parent.path if parent else ''}{thread.post_count:04d}",
        depth=parent.depth + 1 if parent else 0,
        source=text,
        html=f"<p>{text}</p>",
        created_at=at,
    )
    db.session.add(post)
    db.session.flush()
    return post


def hide(post: Post, moderator: User, at: datetime) -> ModerationAct:
    """Hides a post for its manners and says so in the log."""
    post.hidden_at, post.hidden_rule, post.hidden_reason = at, "respect", "It called names."
    act = ModerationAct(
        at=at,
        act="hide",
        thread_id=post.thread_id,
        post_id=post.id,
        place="The old bridge",
        rule="respect",
        reason="It called names.",
        moderator_id=moderator.id,
    )
    db.session.add(act)
    db.session.flush()
    return act


def make_meeting(home: District, guest: User, at: datetime) -> Meeting:
    """A meeting in a week, with two seats, one of them taken."""
    return Meeting(
        title="Walk along the river bank",
        description="We look at the places that were proposed.",
        description_html="<p>We look at the places that were proposed.</p>",
        place="By the old bridge",
        district_id=home.id,
        starts_at=at + timedelta(days=7),
        ends_at=at + timedelta(days=7, hours=2),
        capacity=2,
        created_at=at,
        sign_ups=[SignUp(user_id=guest.id, signed_up_at=at)],
    )
