"""What the pages of the ballot show: the paper, the review, what is kept when a cast fails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, url_for
from flask_babel import gettext
from markupsafe import Markup

from budgets.phases import PhaseKind
from core import clock, responses
from core.languages import sentence, spoken
from core.refusals import Refusal
from districts.queries import names_by_id
from voting import marking
from voting.commitments import receipt_groups
from voting.district_words import is_choice, of_this_ballot
from voting.models import Contest, Option
from voting.queries.ballots import paper_options
from voting.queries.changes import changes_in
from voting.routes.standing_pages import Slip


@dataclass(frozen=True)
class PaperOption:
    """One project as it stands on paper, with its number in the order of the lot."""

    ref: str
    number: int
    title: str
    cost_minor: int
    category: str
    place: str
    summary: str
    url: str | None


@dataclass(frozen=True)
class Paper:
    """A contest as its voters see it, with the projects or answers in the order of the lot.

    `choice` says which district is chosen with it, where a person chooses among them.
    """

    ref: str
    title: str
    language: str
    currency: str
    budget_minor: int
    seats: int | None
    min_length: int
    max_length: int
    closes_at: datetime
    results_by: date | None
    choice: Markup | None
    options: dict[str, PaperOption]

    @property
    def is_for_seats(self) -> bool:
        """Whether answers are ranked without money, instead of projects."""
        return self.seats is not None

    def keepable(self, refs: Iterable[str]) -> list[str]:
        return marking.keepable(refs, self.options)

    def ranked(self, ranking: Sequence[str]) -> list[PaperOption]:
        return [self.options[ref] for ref in ranking]

    @property
    def urls(self) -> dict[str, str]:
        return {
            name: url_for(f"voting.ballots.{endpoint}", contest_ref=self.ref)
            for name, endpoint in (
                ("paper", "mark"),
                ("review", "review"),
                ("keep", "keep"),
                ("cast", "cast"),
            )
        }


@dataclass(frozen=True)
class Search:
    """What was looked for on a paper, and what it found; `shown` is None where all is shown."""

    query: str = ""
    category: str = ""
    shown: set[str] | None = None


def lay_out(contest: Contest) -> Paper:
    """The paper of a contest whose round has a calendar."""
    voting = contest.round.span_of(PhaseKind.VOTING)
    counting = contest.round.span_of(PhaseKind.COUNT)
    assert voting is not None, "A contest without voting phase has no paper."
    return Paper(
        ref=contest.ref,
        title=contest.title,
        language=contest.round.language,
        currency=contest.currency,
        budget_minor=contest.budget_minor,
        seats=contest.seats,
        min_length=contest.min_length,
        max_length=contest.max_length,
        closes_at=voting.ends_at,
        results_by=clock.city_day(counting.ends_at) if counting else None,
        choice=of_this_ballot(contest, names_by_id()) if is_choice(contest) else None,
        options={
            each.ref: _on_paper(each, number, ref)
            for number, (each, ref) in enumerate(paper_options(contest), start=1)
            if each.ref not in contest.withdrawn
        },
    )


def search(paper: Paper, query: str, category: str) -> Search:
    """The projects whose number, name, place or summary holds what was typed."""
    texts = [
        (each.ref, f"{each.number} {each.title} {each.place} {each.summary}", each.category)
        for each in paper.options.values()
    ]
    return Search(query, category, marking.found(texts, query, category))


def show_paper(
    paper: Paper,
    ranking: Sequence[str],
    *,
    key: str,
    slip: Slip,
    looked_for: Search | None = None,
    shows_mine: bool = False,
    refusal: Refusal | None = None,
) -> Response:
    """The paper, with the ranking so far."""
    looked_for = looked_for or Search()
    return responses.private(
        responses.page(
            "voting/ballots/paper.html",
            status=refusal.status if refusal else 200,
            contest=paper,
            contest_urls=paper.urls,
            options=list(paper.options.values()),
            ranking=list(ranking),
            shown=looked_for.shown,
            query=looked_for.query,
            category=looked_for.category,
            key=key,
            slip=slip,
            shows_mine=shows_mine,
            changes=changes_in(paper.ref),
            refusal=refusal,
        )
    )


def show_review(
    paper: Paper,
    ranking: Sequence[str],
    *,
    key: str,
    code: str,
    terms: str,
    slip: Slip,
    refusal: Refusal | None = None,
) -> Response:
    """The last look before casting, with the receipt under which it is sealed, and the hash of the
    terms: should they change before it is cast, its voter looks again."""
    return responses.private(
        responses.page(
            "voting/ballots/review.html",
            status=refusal.status if refusal else 200,
            contest=paper,
            contest_urls=paper.urls,
            ranked=paper.ranked(ranking),
            key=key,
            code_groups=receipt_groups(code),
            terms=terms,
            check_url=url_for("voting.checks.create", contest_ref=paper.ref),
            slip=slip,
            refusal=refusal,
        )
    )


def show_kept(
    paper: Paper, refs: Iterable[str], refusal: Refusal, *, key: str, retry: str, sign_in: bool
) -> Response:
    """Why nothing was cast, with the ranking that was sent; `retry` names the act to try again."""
    return responses.private(
        responses.page(
            "voting/ballots/kept.html",
            status=refusal.status,
            contest=paper,
            ranked=paper.ranked(paper.keepable(refs)),
            key=key,
            refusal=refusal,
            retry_url=paper.urls.get(retry),
            retry_casts=retry == "cast",
            sign_in_url=url_for("voting.entrance.door") if sign_in else None,
        )
    )


def obstacle_in_words(paper: Paper, marked: marking.Marked) -> Refusal | None:
    """Why a button changed nothing, with the name of the project."""
    if marked.obstacle is None:
        return None
    option = paper.options.get(marked.ref)
    title, next_step = spoken(option.title if option else "", paper.language), ""
    if marked.obstacle is marking.Obstacle.FULL:
        said = gettext("You have ranked %(most)s, and that is the most.", most=paper.max_length)
        pattern = gettext("Remove one first, for example your last: “%(title)s”.")
        next_step = sentence(pattern, title=title)
    elif marked.obstacle is marking.Obstacle.FIRST:
        said = sentence(gettext("“%(title)s” is already first."), title=title)
    elif marked.obstacle is marking.Obstacle.LAST:
        said = sentence(gettext("“%(title)s” is already last."), title=title)
    else:
        said = (
            gettext("That answer is not on this ballot paper.")
            if paper.is_for_seats
            else gettext("That project is not on this ballot paper.")
        )
        next_step = gettext("Your ranking is as it was.")
    return Refusal(marked.obstacle.value, 200, said, next_step)


def _on_paper(option: Option, number: int, proposal_ref: str | None) -> PaperOption:
    return PaperOption(
        ref=option.ref,
        number=number,
        title=option.title,
        cost_minor=option.cost_minor,
        category=option.category,
        place=option.place,
        summary=option.summary,
        url=url_for("proposals.show", ref=proposal_ref) if proposal_ref else None,
    )
