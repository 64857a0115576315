"""Who may cast a ballot in a contest, when, and what a valid ranking is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext, ngettext

from budgets.phases import Span
from core import clock, i18n
from core.refusals import Refusal
from voting.counting.ranking import RankingFault, normalise_ranking
from voting.district_rules import DistrictRule
from voting.link_keys import LinkKeyMissing
from voting.permissions.paper import why_not_on_the_web
from voting.queries.at_the_box import AnyContest, AnyVoter
from voting.queries.ballots import has_cast, has_used_up_districts, is_for
from voting.queries.kept import Standing, standing_of

SHOWN_STRANGERS = 3
PAPERS = "/vote"


def why_not_cast_ballot(
    entry: AnyVoter | None, contest: AnyContest, at: datetime
) -> Refusal | None:
    """Whether the person behind this entry of the roll may cast a ballot here now.

    The answer holds while the transaction that asked lasts only if the contest was locked in it,
    as `services.ballots.cast_ballot` does. Raises LinkKeyMissing where it cannot be told whether
    she voted for another district before she moved.
    """
    voting = contest.round.voting
    if contest.sealed_at is not None or voting is None or voting.ends_at <= at:
        return _closed(contest, entry, voting, at)
    if entry is None or entry.left_on is not None:
        return _not_verified()
    if not is_for(contest, entry):
        return _other_district(contest)
    if contest.round.announced_at is None or at < voting.starts_at:
        return _not_open_yet(voting)
    if has_used_up_districts(contest, entry):
        return _voted_elsewhere(contest)
    return why_not_on_the_web(contest.round_id, entry)


def why_not_open_paper(entry: AnyVoter | None, contest: AnyContest, at: datetime) -> Refusal | None:
    """Whether this person may look at the paper in order to mark it. Raises LinkKeyMissing."""
    refusal = why_not_cast_ballot(entry, contest, at)
    if refusal is None or refusal.code != "closed":
        return refusal
    voting = contest.round.voting
    return replace(refusal, sentence=_closed_words(voting, at))


def why_not_this_ranking(
    contest: AnyContest, titles: Mapping[str, str], refs: object
) -> Refusal | None:
    """Whether these refs are a ranking that this paper takes; `titles` are its options by ref."""
    if isinstance(refs, list | tuple):
        gone = [titles[ref] for ref in contest.withdrawn if ref in refs and ref in titles]
        if gone:
            return _withdrawn(gone)
    found = normalise_ranking(refs, titles, contest.min_length, contest.max_length)
    if isinstance(found, tuple):
        return None
    ranking = [str(ref).strip() for ref in refs] if isinstance(refs, list | tuple) else []
    sentences = [_words_for(fault, contest, ranking, titles) for fault in found]
    next_step = gettext("Nothing was cast.")
    if any(ranking):
        next_step = gettext("Nothing was cast. What you marked stands below.")
    return Refusal(found[0].value, 422, " ".join(sentences), next_step)


def _withdrawn(titles: Sequence[str]) -> Refusal:
    sentence = ngettext(
        "%(names)s is no longer on the ballot and was left out.",
        "These are no longer on the ballot and were left out: %(names)s.",
        len(titles),
        names=", ".join(f"“{title}”" for title in titles),
    )
    next_step = gettext("Nothing was cast. What else you marked stands below.")
    return Refusal("withdrawn_option", 422, sentence, next_step)


def _closed(
    contest: AnyContest, entry: AnyVoter | None, voting: Span | None, at: datetime
) -> Refusal:
    """What came too late, and what of hers counts nevertheless, only where that is so."""
    standing = _standing_after_closing(contest, entry)
    late = gettext("Your ballot was not counted.")
    stays = gettext("A ballot that you cast before closing stays in the box and is counted.")
    if standing is not None and standing.is_cast:
        late = gettext("What came after that was not counted.")
        stays = gettext("Your ballot of before closing stays in the box and is counted.")
    elif standing is not None and standing.is_kept:
        late = gettext("What came after that was not counted.")
        stays = gettext("What you had marked before closing was kept, and counts as it stood.")
    elif standing is not None:
        stays = gettext("You had neither cast a ballot here before closing nor marked a whole one.")
    return Refusal("closed", 409, f"{_closed_words(voting, at)} {late}", stays)


def _standing_after_closing(contest: AnyContest, entry: AnyVoter | None) -> Standing | None:
    """None where it cannot be told; once sealed, a mark stands for what was cast or kept.

    Nothing is said of those who vote on paper either: what they had kept here does not count.
    """
    if entry is None or why_not_on_the_web(contest.round_id, entry) is not None:
        return None
    try:
        if contest.sealed_at is not None:
            return Standing(is_cast=has_cast(contest, entry))
        return standing_of(contest, entry)
    except LinkKeyMissing:
        return None


def _closed_words(voting: Span | None, at: datetime) -> str:
    if voting is None or voting.ends_at > at:
        return gettext("Voting is closed.")
    if clock.city_day(voting.ends_at) == clock.city_day(at):
        time = f"{clock.in_city(voting.ends_at):%H:%M}"
        return gettext("Voting closed at %(time)s.", time=time)
    return gettext("Voting closed on %(moment)s.", moment=i18n.moment(voting.ends_at))


def _not_verified() -> Refusal:
    return Refusal(
        "not_verified",
        403,
        gettext(
            "The town hall has not confirmed yet that you live here, so you cannot vote."
            " Nothing was cast."
        ),
        gettext(
            "See the ways to be confirmed. It takes effect at once; you need not sign in again."
        ),
        next_url="/account/residency",
        next_label=gettext("See the ways"),
    )


def _other_district(contest: AnyContest) -> Refusal:
    return Refusal(
        "other_district",
        403,
        gettext(
            "“%(contest)s” is for residents of another district. Nothing was cast.",
            contest=contest.title,
        ),
        gettext("Your own papers wait for you. If you moved, tell the town hall."),
        next_url=PAPERS,
        next_label=gettext("See my ballot papers"),
    )


def _not_open_yet(voting: Span) -> Refusal:
    return Refusal(
        "not_open_yet",
        409,
        gettext(
            "Voting opens on %(moment)s. Nothing was cast.", moment=i18n.moment(voting.starts_at)
        ),
        gettext("Come back then; you will find the paper here."),
    )


def _voted_elsewhere(contest: AnyContest) -> Refusal:
    if DistrictRule(contest.round.district_rule) is DistrictRule.HOME:
        return _voted_before_moving()
    return Refusal(
        "districts_used_up",
        409,
        ngettext(
            "In this round everybody may vote for %(num)s district, and you have.",
            "In this round everybody may vote for %(num)s districts, and you have.",
            contest.round.districts_most,
        ),
        gettext("Those ballots count, and you may change them until closing. Nothing was cast."),
        next_url=PAPERS,
        next_label=gettext("See my ballot papers"),
    )


def _voted_before_moving() -> Refusal:
    return Refusal(
        "voted_in_other_district",
        409,
        gettext("You have voted in this round for the district in which you lived before."),
        gettext("That ballot counts. Nobody votes for two districts in one round."),
        next_url=PAPERS,
        next_label=gettext("See my ballot papers"),
    )


def _words_for(
    fault: RankingFault, contest: AnyContest, ranking: Sequence[str], titles: Mapping[str, str]
) -> str:
    marked = [ref for ref in ranking if ref]
    if fault is RankingFault.UNKNOWN_OPTION:
        strangers = list(dict.fromkeys(ref for ref in marked if ref not in titles))
        names = [f"“{ref[:40]}”" for ref in strangers[:SHOWN_STRANGERS]]
        return ngettext(
            "%(names)s is not on this ballot paper and was left out.",
            "These are not on this ballot paper and were left out: %(names)s.",
            len(strangers),
            names=", ".join(names) + ("…" if len(strangers) > SHOWN_STRANGERS else ""),
        )
    if fault is RankingFault.RANKED_TWICE:
        copies = Counter(ref for ref in marked if ref in titles)
        twice = [f"“{titles[ref]}”" for ref, number in copies.items() if number > 1]
        shown = ", ".join(twice[:SHOWN_STRANGERS]) or "…"
        if contest.is_for_seats:
            return gettext(
                "You ranked an answer more than once: %(names)s. Only its first place is kept.",
                names=shown,
            )
        return gettext(
            "You ranked a project more than once: %(names)s. Only its first place is kept.",
            names=shown,
        )
    if fault is RankingFault.TOO_MANY:
        return _too_many(contest, len(marked))
    if fault is RankingFault.TOO_FEW:
        least = max(contest.min_length, 1)
        if contest.is_for_seats:
            return ngettext("Rank at least one answer.", "Rank at least %(num)s answers.", least)
        return ngettext("Rank at least one project.", "Rank at least %(num)s projects.", least)
    return gettext("This ballot could not be read.")


def _too_many(contest: AnyContest, marked: int) -> str:
    number, most = i18n.number(marked), i18n.number(contest.max_length)
    if contest.is_for_seats:
        return gettext(
            "You ranked %(number)s answers, and this paper takes %(most)s at most.",
            number=number,
            most=most,
        )
    return gettext(
        "You ranked %(number)s projects, and this paper takes %(most)s at most.",
        number=number,
        most=most,
    )
