"""Lists of proposals: browsed, searched, the newest, one's own, those that wait for review.

Only what a line of a list shows is read, newest first along an index, so that a list costs the
same among ten proposals and among a million.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from budgets.models import Category, Round
from budgets.phases import PhaseKind
from budgets.queries import rounds_in
from core import memory, search
from core.actors import Actor
from core.database import db
from core.paging import Page, keyset_page, keyset_query, page_of, read_cursor
from districts.models import District
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries.proposals import seen_by

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUMMARY = 240
LINE = (
    Proposal.id,
    Proposal.ref,
    Proposal.title,
    Proposal.place,
    Proposal.state,
    Proposal.round_id,
    Proposal.district_id,
    Proposal.category_id,
    Proposal.cost_minor,
    Proposal.published_at,
    func.substr(Proposal.what, 1, SUMMARY).label("summary"),
)


@dataclass(frozen=True)
class RoundName:
    """What a list says of a round."""

    id: int
    ref: str
    name: str
    currency: str
    language: str


class PlaceName(NamedTuple):
    """What a list says of a district."""

    id: int
    ref: str
    name: str


@dataclass(frozen=True)
class Choices:
    """What a list can be narrowed by, and the names that its lines show, by row id."""

    rounds: Mapping[int, RoundName]
    districts: Mapping[int, PlaceName]
    categories: Mapping[int, str]

    @cached_property
    def language(self) -> str:
        """The language of the names, where all rounds have the same."""
        found = {each.language for each in self.rounds.values()}
        return found.pop() if len(found) == 1 else ""

    @cached_property
    def category_names(self) -> list[str]:
        return sorted(set(self.categories.values()), key=str.casefold)


@dataclass(frozen=True)
class Filters:
    """What a reader asked for; a value that nobody knows is left out."""

    words: str = ""
    round: str = ""
    district: str = ""
    category: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return any(vars(self).values())

    @property
    def chosen(self) -> int:
        """How many of the lists to choose from say something else than all."""
        return sum(map(bool, (self.round, self.district, self.category, self.state)))

    def known(self, choices: Choices) -> "Filters":
        rounds = {each.ref for each in choices.rounds.values()}
        places = {each.ref for each in choices.districts.values()} | {"city"}
        states = {state.value for state in State if state is not State.DRAFT}
        return Filters(
            words=self.words,
            round=self.round if self.round in rounds else "",
            district=self.district if self.district in places else "",
            category=self.category if self.category in choices.category_names else "",
            state=self.state if self.state in states else "",
        )


@memory.remembered
def choices() -> Choices:
    """The announced rounds, all districts, and the categories of these rounds."""
    announced = Round.announced_at.is_not(None)
    rounds = db.session.execute(
        select(Round.id, Round.ref, Round.name, Round.currency, Round.language)
        .where(announced)
        .order_by(Round.created_at.desc(), Round.id.desc())
    )
    districts = db.session.execute(
        select(District.id, District.ref, District.name).order_by(District.position, District.name)
    )
    categories = db.session.execute(
        select(Category.id, Category.name).join(Round).where(announced).order_by(Category.name)
    )
    return Choices(
        rounds={row.id: RoundName(*row) for row in rounds},
        districts={row.id: PlaceName(*row) for row in districts},
        categories={row.id: row.name for row in categories},
    )


def browse(filters: Filters, cursor: str | None) -> Page[Any]:
    """One page of public proposals, the newest first. Withdrawn ones only where asked for."""
    key = _moment_key(read_cursor(cursor, int, int))
    # Plain columns need no session to look after them, and come faster without one.
    rows = db.session.connection().execute(_browsing(filters, key)).all()
    return page_of(rows, key, _published)


def newest(most: int) -> Sequence[Any]:
    """The proposals published last."""
    query = select(*LINE, Proposal.updated_at).where(seen_by(None), _standing())
    order = (Proposal.published_at.desc(), Proposal.id.desc())
    return db.session.execute(query.order_by(*order).limit(most)).all()


def written_by(author: Actor, cursor: str | None = None, *, size: int = 30) -> Page[Any]:
    """Somebody's own proposals and drafts, the last changed first."""
    key = _moment_key(read_cursor(cursor, int, int))
    return keyset_page(
        select(*LINE, Proposal.updated_at).where(Proposal.author_id == author.id),
        [Proposal.updated_at, Proposal.id],
        key,
        lambda row: [_micros(row.updated_at), row.id],
        descending=True,
        size=size,
    )


def waiting_for_review(at: datetime, cursor: str | None) -> Page[Any]:
    """Published proposals that nobody has decided on, the longest waiting first."""
    key = _moment_key(read_cursor(cursor, int, int))
    return keyset_page(
        select(*LINE).where(_waiting(at)),
        [Proposal.published_at, Proposal.id],
        key,
        _published,
    )


def number_waiting(at: datetime) -> int:
    """How many proposals wait for a reviewer."""
    query = select(func.count()).select_from(Proposal).where(_waiting(at))
    return db.session.scalar(query) or 0


def number_public(round_: Round) -> int:
    """How many proposals of a round the public can read, without those withdrawn."""
    public = [state for state in State if state not in {State.DRAFT, State.WITHDRAWN}]
    query = select(func.count()).select_from(Proposal)
    return (
        db.session.scalar(query.where(Proposal.round_id == round_.id, Proposal.state.in_(public)))
        or 0
    )


@memory.remembered
def _browsing(filters: Filters, key: tuple[Any, ...] | None) -> Select[Any]:
    """What reads a page of the list; all first readers of a second ask the same."""
    query = select(*LINE).where(seen_by(None), *_conditions(filters, choices()))
    if (found := search.matching("proposal", filters.words)) is not None:
        query = query.where(Proposal.id.in_(found))
    return keyset_query(query, [Proposal.published_at, Proposal.id], key, descending=True)


def _waiting(at: datetime) -> ColumnElement[bool]:
    rounds = [*rounds_in(PhaseKind.SUBMISSION, at), *rounds_in(PhaseKind.REVIEW, at)]
    ids = [round_.id for round_ in rounds]
    return (Proposal.state == State.PUBLISHED) & Proposal.round_id.in_(ids)


def _conditions(filters: Filters, known: Choices) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.round:
        ids = [each.id for each in known.rounds.values() if each.ref == filters.round]
        found.append(Proposal.round_id == ids[0])
    if filters.district == "city":
        found.append(Proposal.district_id.is_(None))
    elif filters.district:
        places = [each.id for each in known.districts.values() if each.ref == filters.district]
        found.append(Proposal.district_id == places[0])
    if filters.category:
        themes = [number for number, name in known.categories.items() if name == filters.category]
        found.append(Proposal.category_id.in_(themes))
    found.append(Proposal.state == filters.state if filters.state else _standing())
    return found


def _standing() -> ColumnElement[bool]:
    return Proposal.state != State.WITHDRAWN.value


def _published(line: Any) -> list[int]:
    return [_micros(line.published_at), line.id]


def _micros(moment: datetime) -> int:
    """A moment as the number that a cursor carries."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment_key(key: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """The reverse; a number that is no moment gives the first page."""
    if key is None:
        return None
    try:
        return EPOCH + timedelta(microseconds=key[0]), key[1]
    except OverflowError:
        return None
