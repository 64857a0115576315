"""What the demonstration's people say to each other, and where they will meet."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from accounts.models import User
from budgets.models import Round
from core.clock import city_zone
from core.database import db
from engagement.services import plan_meeting, sign_up
from forums.models import Post
from forums.services.moderation import hide_post, set_pinned
from forums.services.posts import post_reply
from forums.services.roundtables import open_roundtable
from forums.services.threads import open_subject_thread, open_thread
from proposals.models import Proposal


@dataclass(frozen=True)
class Said:
    """A post and the answers to it. `hidden` is the reason why a moderator hid it."""

    who: str
    text: str
    answers: tuple["Said", ...] = ()
    hidden: str = ""


@dataclass(frozen=True)
class Topic:
    """A thread: its title, its first post, and what followed."""

    title: str
    first: Said
    pinned: bool = False


@dataclass(frozen=True)
class Table:
    """A roundtable with its threads; `days` it is still open (below zero: it has closed)."""

    title: str
    question: str
    days: int
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Plan:
    """A meeting, so many days from the start of the demonstration."""

    title: str
    about: str
    place: str
    days: int
    seats: int | None = None


TABLES = (
    Table(
        "How should we cool the city?",
        "Summers get hotter. Which **three places** in your district would you cool first, and "
        "how: trees, water, shade, less asphalt? The parks department reads along and answers on "
        "the last day.",
        21,
        (
            Topic(
                "Where I live: measurements from last July",
                Said(
                    "Amara",
                    "I measured at 15:00 on ten days in July, one metre above the ground:\n\n"
                    "- the bus stop at Limanowskiego: 41 °C\n- the square in front of the "
                    "library: 39 °C\n- under the chestnuts, 80 m away: 30 °C\n\n"
                    "So it is not the weather. It is the paving.",
                    (
                        Said(
                            "Chen",
                            "Can you say which thermometer? In Czyżyny we could measure the same "
                            "way, so that the numbers can be compared.",
                            (
                                Said(
                                    "Amara", "A cheap one with a shield; I can lend it from Monday."
                                ),
                            ),
                        ),
                        Said(
                            "Bo",
                            "The bus stop has a roof of glass. A roof that gives *shade* would "
                            "cost less than trees and work from the first day.",
                            (
                                Said(
                                    "Chen",
                                    "For the people who wait, yes. The square stays an oven. I "
                                    "would do both, roof first.",
                                ),
                            ),
                        ),
                    ),
                ),
                pinned=True,
            ),
            Topic(
                "Trees or fountains?",
                Said(
                    "Bo",
                    "A tree needs fifteen years. A fountain works tomorrow. If the money is for "
                    "one year, why trees?",
                    (
                        Said(
                            "Amara",
                            "Because whoever decided that fifteen years ago is the reason why "
                            "there is no shade now.",
                        ),
                        Said(
                            "Chen",
                            "Whoever likes fountains should just move to Rome, you clown.",
                            hidden="It insults another resident. The point about cost was fine.",
                        ),
                        Said(
                            "Dana",
                            "A reminder from the moderator: argue with what is said. The parks "
                            "department will post costs per place by Friday, for both.",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Table(
        "The evening city: noise, light, safety",
        "The council wants rules for bars, lamps and night buses that fit together. What must "
        "they take care of? Tell what you have seen, then what you would change.",
        9,
        (
            Topic(
                "Lamps that know when nobody is there",
                Said(
                    "Chen",
                    "On our street the lamps were dimmed at 23:00. It saves money, but I hear "
                    "that my neighbour does not go out any more. Could they brighten when "
                    "somebody walks?",
                    (
                        Said(
                            "Bo",
                            "They do that in the park since spring. It works, but the first lamp "
                            "comes on late: one walks into the dark first.",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Table(
        "What we learned from the last vote",
        "What was good about how we proposed and ranked in the last round, and what was not? The "
        "conclusions went into the rules of this round.",
        -12,
        (
            Topic(
                "Three ranks or more?",
                Said(
                    "Amara",
                    "I had five favourites and three ranks. But my mother said that three were "
                    "already hard.",
                    (
                        Said("Bo", "Three that I can explain beat ten that I guess."),
                        Said("Chen", "Then let the limit be higher, and nobody is forced."),
                    ),
                ),
            ),
        ),
    ),
)


MEETINGS = (
    Plan(
        "Writing workshop: from an idea to a proposal",
        "Bring an idea, leave with a draft. Two reviewers help with the costs.",
        "Library, Podgórze, room 2",
        days=5,
        seats=24,
    ),
    Plan(
        "Walk: the projects on this year's paper",
        "We look at four places where something is proposed, and hear who is for it and who is "
        "not.",
        "Rynek Podgórski, at the fountain",
        days=9,
    ),
    Plan(
        "Office hour with the election officers",
        "How the vote is counted, and how you can count it again on your own computer.",
        "Town hall, room 114",
        days=16,
        seats=12,
    ),
)


def open_roundtables(cast: dict[str, User], at: datetime) -> None:
    """Opens the roundtables and lets everybody say what they say, an hour apart."""
    for table in TABLES:
        opened = at - timedelta(days=30)
        roundtable = open_roundtable(
            title=table.title,
            question=table.question,
            closes_at=at + timedelta(days=table.days),
            by=cast["Dana"],
            at=opened,
        )
        for number, topic in enumerate(table.topics):
            when = opened + timedelta(days=2 + number)
            first = open_thread(
                roundtable, title=topic.title, source=topic.first.text, form_key=None,
                by=cast[topic.first.who], at=when,
            )  # fmt: skip
            _answer(first, topic.first.answers, cast, when)
            if topic.pinned:
                reason = "Measurements that all others can build on."
                set_pinned(first.thread, True, reason=reason, by=cast["Dana"], at=when)


def discuss_a_proposal(round_: Round, cast: dict[str, User], at: datetime) -> None:
    """A few words under one of the real proposals that can be ranked now."""
    query = select(Proposal).where(Proposal.round_id == round_.id, Proposal.code == "BO.OM.67/24")
    proposal = db.session.scalars(query).one()
    path = f"/proposals/{proposal.ref}"
    thread = open_subject_thread("proposal", proposal.ref, proposal.title, path, True, at=at)
    question = "Does the price include the lifeguards, or only the beach itself?"
    first = post_reply(thread, None, source=question, form_key=None, by=cast["Bo"], at=at)
    answer = "The file names only one sum. I have asked the city; until then I rank it second."
    post_reply(thread, first, source=answer, form_key=None, by=cast["Amara"], at=at)


def plan_meetings(cast: dict[str, User], at: datetime) -> None:
    """Three meetings; one of them with few seats."""
    for plan in MEETINGS:
        begins = _evening(at + timedelta(days=plan.days))
        meeting = plan_meeting(
            title=plan.title,
            description=plan.about,
            place=plan.place,
            access_note="Step-free; hearing loop; tram stop in front of the door.",
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            capacity=plan.seats,
            by=cast["Eli"],
            at=at,
        )
        sign_up(meeting, by=cast["Amara"], at=at)


def _answer(post: Post, answers: tuple[Said, ...], cast: dict[str, User], when: datetime) -> None:
    for number, said in enumerate(answers, start=1):
        later = when + timedelta(hours=number)
        made = post_reply(
            post.thread, post, source=said.text, form_key=None, by=cast[said.who], at=later
        )
        _answer(made, said.answers, cast, later)
        if said.hidden:
            hide_post(made, rule="respect", reason=said.hidden, by=cast["Dana"], at=later)


def _evening(at: datetime) -> datetime:
    """17:30 of that day in the city."""
    local = at.astimezone(city_zone())
    return local.replace(hour=17, minute=30, second=0, microsecond=0).astimezone(UTC)
