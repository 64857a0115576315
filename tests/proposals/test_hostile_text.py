"""Bad input: each gets a sentence and a status, keeps what was typed, and changes nothing."""

import pytest
from sqlalchemy import func, select

from accounts.models import User
from budgets.models import Round
from core.database import db
from proposals.models import Proposal
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.proposals.conftest import FormData

NEW = "/proposals/new"


def number_of_proposals() -> int:
    return db.session.scalar(select(func.count()).select_from(Proposal)) or 0


NO_AMOUNTS = ["-1", "NaN", "1e309", "Infinity", "1.005", "١٢", "twelve", "--5", "1,2,3", "9" * 40]
AMOUNTS = {
    "1,5": 150,
    "12 000": 12_000_00,
    "12.000,00": 12_000_00,
    "12,000": 12_000_00,
    "0.01": 1,
    "PLN 7": 700,
}


@pytest.mark.parametrize("act", ["save", "publish", "preview"])
def test_an_amount_that_is_none_is_refused_in_words(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData, act: str
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()
    for amount in NO_AMOUNTS:
        answer = client.post(NEW, data=whole_form | {"cost_lines-0-amount": amount, "act": act})

        assert answer.status_code == 422, amount
        assert "Line 1 of the costs:" in text_of(answer.text), amount
        assert f'value="{amount}"' in answer.text, "What was typed is kept."
    assert number_of_proposals() == before


def test_an_amount_is_stored_as_whole_small_units(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    for typed, minor in AMOUNTS.items():
        form = whole_form | {"cost_lines-0-amount": typed, "act": "save", "key": typed}
        client.post(NEW, data=form)

        newest = select(Proposal.cost_minor).order_by(Proposal.id.desc())
        assert db.session.scalars(newest).first() == minor + 1_200_50, typed


def test_costs_above_the_pot_are_refused_for_that_place_only(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    dear = whole_form | {"cost_lines-0-amount": "98 800", "act": "save"}

    over = client.post(NEW, data=dear)
    assert over.status_code == 422
    assert "more than the pot of PLN 100,000" in text_of(over.text)
    assert client.post(NEW, data=dear | {"district": "city"}).status_code == 303


TOO_LONG = {
    "title": 10_000,
    "place": 201,
    "what": 10_001,
    "why": 50_000,
    "who_benefits": 2_001,
    "cost_lines-0-label": 10_000,
}


def test_a_text_that_is_too_long_is_refused_and_kept(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()
    for name, length in TOO_LONG.items():
        answer = client.post(NEW, data=whole_form | {name: "x" * length, "act": "save"})

        assert answer.status_code == 422, name
        assert "x" * length in answer.text
        assert "characters at most" in text_of(answer.text)
    assert number_of_proposals() == before


def test_controls_and_reversed_text_are_cleaned_away(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    title = "Ben\u202eches\u0007 \ufeffon  Mar\u2067ket\u2069"
    heavy = "Z" + "\u0301" * 50
    client.post(NEW, data=whole_form | {"title": title, "why": heavy, "act": "publish"})

    proposal = db.session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
    assert proposal is not None
    assert proposal.title == "Benches on Market"
    assert len(proposal.why) < 6


def test_markup_in_every_field_is_inert(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    markup = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}[x](javascript:1)"
    sign_in(client, amara)
    texts = dict.fromkeys(
        ["title", "place", "what", "why", "who_benefits", "cost_lines-0-label"], markup
    )
    preview = client.post(NEW, data=whole_form | texts | {"act": "preview"})
    page = client.get(client.post(NEW, data=whole_form | texts | {"act": "publish"}).location)
    feed = client.get("/proposals/feed.atom")

    for answer in (preview, page, client.get("/proposals"), feed):
        assert answer.status_code == 200
        for live in ("<script>alert", "<img src=x", ">49<", 'href="javascript'):
            assert live not in answer.text


def test_more_lines_than_there_may_be_are_refused(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    lines = {f"cost_lines-{n}-label": "Stone" for n in range(400)}
    lines |= {f"cost_lines-{n}-amount": "1" for n in range(400)}

    answer = client.post(NEW, data=whole_form | lines | {"act": "save"})

    assert answer.status_code == 422
    assert "Use 30 lines at most." in text_of(answer.text)


def test_names_of_fields_that_no_page_has_are_passed_over(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    strange = {"cost_lines-²-label": "1", "cost_lines-x-amount": "1", "cost_lines--label": "1"}
    assert client.post(NEW, data=whole_form | strange | {"act": "save"}).status_code == 303


def test_half_a_line_of_costs_is_asked_for_its_other_half(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    for half in ({"cost_lines-2-label": "Paint"}, {"cost_lines-2-amount": "50"}):
        answer = client.post(NEW, data=whole_form | half | {"act": "save"})

        assert answer.status_code == 422
        assert "Line 3 of the costs:" in text_of(answer.text)


def test_a_place_or_theme_that_is_not_offered_is_refused(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    for wrong in ({"district": "atlantis"}, {"district": "hillside"}, {"category": "' OR 1=1"}):
        assert client.post(NEW, data=whole_form | wrong | {"act": "save"}).status_code == 422
