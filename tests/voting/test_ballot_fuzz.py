"""Whatever is posted to the ballot: an answer with a right status, and never half a ballot."""

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import cast, key_on, open_paper, press, refs_of
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot

options = ["0-1", "0-2", "0-3", "0-4"]
marks = st.one_of(
    st.sampled_from([*options, "82-1", "", " 0-1 "]),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)


@pytest.mark.attack("B8")
@pytest.mark.sqlite
def test_every_posted_ranking_is_cast_as_it_stands_or_refused(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    known = refs_of(world.city_contest)
    replaced: set[tuple[str, ...] | None] = set()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(marks, max_size=6), st.text(max_size=10))
    def post(ranking: list[str], act: str) -> None:
        before = stored(db, known)
        response = cast(client, world.city_contest, ranking, key)
        meant = tuple(mark.strip() for mark in ranking if mark.strip())
        valid = 1 <= len(meant) <= 3 and len(set(meant)) == len(meant) and set(meant) <= set(known)
        nul = any("\0" in mark for mark in ranking)
        if valid and meant in replaced:  # sent again with its key, after another took its place
            assert response.status_code == 409
            valid = False
        else:
            assert response.status_code == (303 if valid else 400 if nul else 422)
        assert stored(db, known) == (meant if valid else before)
        replaced.update({before} - {stored(db, known)})
        assert press(client, world.city_contest, act, ranking).status_code in {200, 400}

    post()


def stored(db: SQLAlchemy, known: list[str]) -> tuple[str, ...] | None:
    db.session.rollback()
    packed = db.session.scalar(select(Ballot.ranking))
    return unpack_ranking(packed, known) if packed is not None else None
