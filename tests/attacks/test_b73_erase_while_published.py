"""B73: an author of a winning project is erased while results are prepared, and after."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import update

from accounts.models import User
from accounts.services.erasure import erase_account
from core import clock
from proposals.models import Proposal
from tests.harness.client import BrowserLikeClient
from tests.transparency import decided
from transparency.queries import fetch_file
from transparency.services.gathering import gather
from transparency.services.preparing import prepare
from transparency.services.publishing import keep_files, publish_prepared


@pytest.mark.attack("B73")
def test_both_finish_and_the_project_stays(
    db: SQLAlchemy, client: BrowserLikeClient, eli: User, ewa: User, amara: User
) -> None:
    """B73: between preparing and publishing, and on the page afterwards."""
    round_ = decided.decided_round(city=60)
    hers = Proposal.round_id == round_.id
    db.session.execute(update(Proposal).where(hers).values(author_id=amara.id, code=None))
    decided.certify(round_, eli)

    given = gather(round_)
    prepared = [prepare(each) for each in given.contests]
    erase_account(amara, by=None, at=clock.now())
    db.session.commit()
    ready = keep_files(given, prepared, at=clock.now())
    publication = publish_prepared(round_, ready, by=ewa, at=clock.now() + timedelta(minutes=1))
    db.session.commit()

    assert fetch_file(publication, f"{given.ref}.zip") is not None
    proposal = db.session.query(Proposal).filter(hers).first()
    assert proposal is not None
    page = client.get(f"/proposals/{proposal.ref}").text
    assert "proposed by a former member" in page
    assert "Amara" not in page
