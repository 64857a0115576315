"""The states of a proposal, and which may follow which."""

from enum import StrEnum


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FEASIBLE = "feasible"
    NOT_FEASIBLE = "not_feasible"
    ON_BALLOT = "on_ballot"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.FEASIBLE, State.NOT_FEASIBLE, State.WITHDRAWN}),
    State.FEASIBLE: frozenset({State.ON_BALLOT, State.NOT_FEASIBLE, State.WITHDRAWN}),
    State.NOT_FEASIBLE: frozenset({State.FEASIBLE}),
    State.ON_BALLOT: frozenset({State.CHOSEN, State.NOT_CHOSEN}),
    State.CHOSEN: frozenset(),
    State.NOT_CHOSEN: frozenset(),
    State.WITHDRAWN: frozenset(),
}

PUBLIC = frozenset(State) - {State.DRAFT}


def may_become(now: State, then: State) -> bool:
    return then in NEXT[now]
