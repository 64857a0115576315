"""A resident writes a proposal: as a draft, looked at, changed, and published."""

from datetime import timedelta

from sqlalchemy import func, select

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock as city_clock
from core.audit import AuditEntry
from core.database import db
from forums.models import Thread
from proposals.models import CostLine, Proposal
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.harness.world import World, make_round
from tests.proposals.conftest import FormData

NEW = "/proposals/new"


def named(title: str) -> Proposal:
    db.session.expire_all()
    return db.session.scalars(select(Proposal).where(Proposal.title == title)).one()


def number_of_proposals() -> int:
    return db.session.scalar(select(func.count()).select_from(Proposal)) or 0


def test_amara_publishes_a_proposal_and_everybody_reads_it(
    client: BrowserLikeClient, taking: Round, amara: User, chen: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    answer = client.post(NEW, data=whole_form | {"act": "publish"})

    proposal = named("Benches on Market Square")
    assert answer.status_code == 303
    assert answer.location == f"/proposals/{proposal.ref}"
    assert proposal.state == "published"
    assert proposal.author_id == amara.id
    assert proposal.cost_minor == 49_200_50
    sign_in(client, chen)
    page = client.get(answer.location)
    words = text_of(page.text)
    assert "<strong>benches</strong>" in page.text
    for said in ("There is nowhere to sit.", "PLN 49,200.50", "By the town hall", "Amara"):
        assert said in words
    assert "The town hall looks at whether it can be done" in words


def test_publishing_opens_the_discussion_and_stands_in_the_audit_trail(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    client.post(NEW, data=whole_form | {"act": "publish"})

    proposal = named("Benches on Market Square")
    thread = db.session.scalars(select(Thread).where(Thread.subject_ref == proposal.ref)).one()
    assert thread.subject_visible
    assert thread.subject_path == f"/proposals/{proposal.ref}"
    acts = db.session.scalars(
        select(AuditEntry.act)
        .where(AuditEntry.subject == f"proposal:{proposal.ref}")
        .order_by(AuditEntry.id)
    ).all()
    assert acts == ["write_proposal", "publish_proposal"]


def test_a_title_is_enough_for_a_draft(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    sign_in(client, amara)
    answer = client.post(NEW, data={"title": "Something green", "act": "save"})

    assert answer.status_code == 303
    assert named("Something green").state == "draft"
    assert "Only you can see it" in client.get(answer.location).text


def test_without_a_title_nothing_is_saved_and_the_text_is_kept(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()
    answer = client.post(NEW, data={"title": " \u200b ", "what": "A long thought", "act": "save"})

    assert answer.status_code == 422
    assert "A long thought" in answer.text
    assert number_of_proposals() == before


def test_what_is_missing_is_said_before_publishing(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    sign_in(client, amara)
    answer = client.post(NEW, data={"title": "Something green", "act": "publish"})

    words = text_of(answer.text)
    assert answer.status_code == 422
    for sentence in (
        "Choose a district, or the whole city.",
        "Choose a theme.",
        "Say what should be done.",
        "Say why it is needed.",
        "Write at least one cost with its amount.",
    ):
        assert sentence in words


def test_a_draft_that_lacks_parts_is_not_published_from_its_page(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    sign_in(client, amara)
    address = client.post(NEW, data={"title": "Something green", "act": "save"}).location

    answer = client.post(f"{address}/publication")

    assert answer.status_code == 422
    assert "Say why it is needed." in text_of(answer.text)
    assert named("Something green").state == "draft"


def test_a_whole_draft_is_published_from_its_page_once(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post(NEW, data=whole_form | {"act": "save"}).location

    first = client.post(f"{address}/publication")
    published_at = named("Benches on Market Square").published_at
    second = client.post(f"{address}/publication")

    assert (first.status_code, second.status_code) == (303, 303)
    assert named("Benches on Market Square").published_at == published_at


def test_the_preview_shows_the_proposal_and_writes_nothing(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()

    answer = client.post(NEW, data=whole_form | {"act": "preview"})

    assert answer.status_code == 200
    assert "<strong>benches</strong>" in answer.text
    assert "Publish my proposal" in answer.text
    assert "PLN 49,200.50" in text_of(answer.text)
    assert number_of_proposals() == before


def test_a_form_sent_twice_makes_one_proposal_with_the_later_text(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()

    first = client.post(NEW, data=whole_form | {"act": "save"})
    again = client.post(NEW, data=whole_form | {"act": "publish"})
    late = client.post(NEW, data=whole_form | {"act": "publish", "why": "Too few places to sit."})

    assert first.location == again.location == late.location
    assert number_of_proposals() == before + 1
    assert named("Benches on Market Square").why == "Too few places to sit."


def test_the_same_key_of_another_person_is_another_proposal(
    client: BrowserLikeClient, taking: Round, amara: User, bo: User, whole_form: FormData
) -> None:
    locations = set()
    for person in (amara, bo):
        sign_in(client, person)
        locations.add(client.post(NEW, data=whole_form | {"act": "save"}).location)

    assert len(locations) == 2


def test_a_published_text_can_be_changed_and_is_found_by_its_new_words(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post(NEW, data=whole_form | {"act": "publish"}).location
    changed = whole_form | {"act": "save", "version": "1", "title": "Chairs on Market Square"}
    del changed["cost_lines-1-label"], changed["cost_lines-1-amount"]

    answer = client.post(f"{address}/edit", data=changed)

    proposal = named("Chairs on Market Square")
    assert answer.status_code == 303
    assert (proposal.version, proposal.cost_minor, len(proposal.cost_lines)) == (2, 48_000_00, 1)
    assert "Chairs on Market Square" in client.get("/proposals?q=chairs").text
    thread = db.session.scalars(select(Thread).where(Thread.subject_ref == proposal.ref)).one()
    assert thread.title == "Chairs on Market Square"


def test_a_public_proposal_cannot_lose_a_part(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post(NEW, data=whole_form | {"act": "publish"}).location

    answer = client.post(
        f"{address}/edit", data=whole_form | {"act": "save", "version": "1", "why": ""}
    )

    assert answer.status_code == 422
    assert named("Benches on Market Square").why == "There is nowhere to sit."


def test_a_text_changed_in_two_windows_is_shown_twice_and_not_lost(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post(NEW, data=whole_form | {"act": "save"}).location
    client.post(f"{address}/edit", data=whole_form | {"version": "1", "why": "From window one."})

    answer = client.post(
        f"{address}/edit", data=whole_form | {"version": "1", "why": "From window two."}
    )

    assert answer.status_code == 409
    assert "From window one." in answer.text
    assert "From window two." in answer.text
    assert named("Benches on Market Square").why == "From window one."
    third = client.post(
        f"{address}/edit", data=whole_form | {"version": "2", "why": "From window two."}
    )
    assert third.status_code == 303
    assert named("Benches on Market Square").why == "From window two."


def test_lines_of_costs_come_and_go_without_writing(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    before = number_of_proposals()

    more = client.post(NEW, data=whole_form | {"act": "add-line"})
    fewer = client.post(NEW, data=whole_form | {"act": "remove-line:0"})
    fragment = client.htmx("POST", NEW, data=whole_form | {"act": "add-line"})

    assert more.status_code == fewer.status_code == fragment.status_code == 200
    assert 'name="cost_lines-2-label"' in more.text
    assert 'value="Benches"' not in fewer.text
    assert 'name="cost_lines-1-label"' not in fewer.text
    assert 'value="Work"' in fewer.text
    assert fragment.text.lstrip().startswith("<fieldset")
    assert number_of_proposals() == before


def test_a_button_that_no_page_has_breaks_nothing(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    for act in ("remove-line:999", "remove-line:²", "remove-line:-1", "nonsense"):
        assert client.post(NEW, data=whole_form | {"act": act}).status_code in {200, 303}


def test_nobody_writes_when_no_round_takes_proposals(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    draft = client.post(NEW, data=whole_form | {"act": "save"}).location
    taking.phases[0].starts_at = city_clock.now() + timedelta(days=3)
    taking.phases[1].starts_at = city_clock.now() + timedelta(days=9)
    db.session.commit()

    page = client.get(NEW)
    assert page.status_code == 200
    assert "Budget 2027 takes proposals from" in text_of(page.text)
    for address in (NEW, f"{NEW}?round=budget-2027"):
        refused = client.post(address, data=whole_form | {"act": "publish"})
        assert refused.status_code == 409
        assert "There is nowhere to sit." in refused.text
    late = client.post(f"{draft}/edit", data=whole_form | {"version": "1", "why": "Too late."})
    assert late.status_code == 409
    assert "Too late." in late.text, "What was typed is shown back."
    assert client.post(f"{draft}/publication").status_code == 409


def test_an_address_that_is_not_confirmed_writes_nothing(
    client: BrowserLikeClient, taking: Round, bo: User, whole_form: FormData
) -> None:
    sign_in(client, bo)
    bo.confirmed_at = None
    db.session.commit()

    answer = client.post(NEW, data=whole_form | {"act": "publish"})

    assert answer.status_code in {401, 403}
    assert db.session.scalar(select(Proposal).where(Proposal.author_id == bo.id)) is None


def test_who_is_not_signed_in_keeps_her_text(
    client: BrowserLikeClient, taking: Round, whole_form: FormData
) -> None:
    answer = client.post(NEW, data=whole_form | {"act": "publish"})

    assert answer.status_code == 401
    assert "There is nowhere to sit." in answer.text


def test_the_form_cannot_name_another_author_state_or_cost(
    client: BrowserLikeClient, taking: Round, amara: User, chen: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    stolen = {"author_id": str(chen.id), "state": "chosen", "cost_minor": "1", "act": "save"}
    client.post(NEW, data=whole_form | stolen)

    proposal = named("Benches on Market Square")
    assert (proposal.author_id, proposal.state) == (amara.id, "draft")
    assert proposal.cost_minor == 49_200_50


def test_where_two_rounds_take_proposals_she_chooses_one(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    make_round("Youth budget", "youth-budget", city_clock.now(), PhaseKind.SUBMISSION)
    sign_in(client, amara)

    page = client.get(NEW)

    assert "Which round is your proposal for?" in page.text
    assert client.get(f"{NEW}?round=youth-budget").status_code == 200
    client.post(f"{NEW}?round=youth-budget", data={"title": "For the young", "act": "save"})
    assert named("For the young").round.ref == "youth-budget"


def test_her_own_district_is_chosen_already(
    client: BrowserLikeClient, taking: Round, amara: User
) -> None:
    sign_in(client, amara)
    page = client.get(NEW).text
    assert '<option selected value="riverside">' in page


def test_a_discarded_draft_is_gone_and_a_public_proposal_cannot_be(
    client: BrowserLikeClient, taking: Round, world: World, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    draft = client.post(NEW, data=whole_form | {"act": "save"}).location

    assert client.get(f"{draft}/discarding").status_code == 200
    assert client.post(f"{draft}/discarding").status_code == 303
    assert client.get(draft).status_code == 404
    refused = client.post(f"/proposals/{world.published.ref}/discarding")
    assert refused.status_code == 409
    lines = select(func.count()).select_from(CostLine).outerjoin(Proposal)
    assert db.session.scalar(lines.where(Proposal.id.is_(None))) == 0
