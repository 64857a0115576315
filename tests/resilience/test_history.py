"""What the judge of histories sees: each kind of wrong, planted."""

from tests.resilience.history import Attempt, History, Outcome, Verdict

OK, NO, UNKNOWN = Outcome.ACKNOWLEDGED, Outcome.REFUSED, Outcome.UNKNOWN
FIRST, SECOND, THIRD = ("a",), ("b",), ("c",)


def judge(*attempts: Attempt, counted: list[tuple[str, ...]]) -> Verdict:
    return History(list(attempts)).judge(counted)


def test_the_last_acknowledged_ballot_counts() -> None:
    told = Attempt(1, FIRST, OK), Attempt(1, SECOND, OK)

    assert judge(*told, counted=[SECOND]).holds
    assert judge(*told, counted=[FIRST]) == Verdict(0, 0, 0, outdated=1)
    assert judge(*told, counted=[]) == Verdict(lost=1, doubled=0, ghosts=0, outdated=0)
    assert judge(*told, counted=[FIRST, SECOND]) == Verdict(0, doubled=1, ghosts=0, outdated=0)


def test_an_unknown_ballot_may_count_but_not_one_from_before_an_acknowledged_one() -> None:
    later = Attempt(1, FIRST, OK), Attempt(1, SECOND, UNKNOWN)
    earlier = Attempt(1, FIRST, UNKNOWN), Attempt(1, SECOND, OK)

    assert judge(*later, counted=[FIRST]).holds
    assert judge(*later, counted=[SECOND]).holds
    assert judge(*earlier, counted=[FIRST]) == Verdict(0, 0, 0, outdated=1)
    assert judge(Attempt(1, FIRST, UNKNOWN), counted=[]).holds


def test_what_nobody_sent_or_what_was_refused_is_a_ghost() -> None:
    assert judge(Attempt(1, FIRST, OK), counted=[FIRST, THIRD]) == Verdict(0, 0, 1, 0)
    assert judge(Attempt(1, FIRST, NO), counted=[FIRST]) == Verdict(0, 0, 1, 0)
    assert judge(Attempt(1, FIRST, NO), Attempt(1, FIRST, OK), counted=[FIRST]).holds


def test_of_ballots_cast_at_once_any_may_be_the_last() -> None:
    history = History([Attempt(1, FIRST, OK), Attempt(1, SECOND, OK)])

    assert history.judge([FIRST], together=True).holds
    assert history.judge([FIRST, SECOND], together=True) == Verdict(0, 1, 0, 0)
