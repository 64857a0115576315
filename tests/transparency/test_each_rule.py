"""By whichever offered rule a city decides, the result is published whole, and says why."""

import hashlib
import io
import json
import re
from typing import Any

import pytest
import time_machine

from accounts.models import User
from core.database import db as database
from tests.harness.client import BrowserLikeClient
from tests.harness.people import district, sign_in
from tests.transparency import decided
from tests.transparency.published import content, results_of, words
from transparency import recounts
from transparency.queries import manifest_of
from transparency.results import read_document
from transparency.services import PublicationStopped
from voting import counting
from voting.counting import RULES
from voting.counting.parameters import canonical_json
from voting.offered import OFFERED
from voting.queries.counts import certified_counts, latest_counts

CITY, LOCAL = "budget-2025-city", "budget-2025-riverside"
BY_TABLE = "points-by-rank"

RANKED = [name for name, rule in RULES.items() if "ordinal" in rule.vote_types]

each_rule = pytest.mark.parametrize("rule", RANKED)
each_rule_of_rankings = pytest.mark.parametrize("rule", sorted({*RANKED} - {BY_TABLE}))


@each_rule
def test_a_contest_by_any_rule_is_published_with_its_reasons(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    publication = decided.publish(decided.decided_round(rule=rule), certified_by=eli, by=ewa)
    (result,) = results_of(publication)
    page = words(client, f"/rounds/budget-2025/contests/{CITY}")

    assert result.rule == rule
    assert 0 < len(result.funded) < 4
    assert len(re.findall(r"Funded as number \d|Not funded[,:]", page)) == 4
    assert "What the voters got" in page
    assert ("The same ballots by other rules" in page) is bool(result.other_rules)
    assert ("Not the decision" in page) is bool(result.other_rules)
    assert result.spent == sum(option.cost for option in result.funded)


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("equal-shares", {"completion": "none"}),
        ("equal-shares", {"completion": "add1"}),
        ("equal-shares", {"completion": "epsilon"}),
        ("equal-shares", {"utility": "cost"}),
        ("points-by-rank", {"no_skip": True, "top_up": 50}),
        ("points-by-rank", {"threshold": 60}),
        ("points-by-rank", {"scale": "dowdall"}),
        ("points-by-rank", {"limits": [{"name": "Parks", "projects": 1}]}),
        ("points-by-rank", {"ties": ["lot"], "seed": "a seed"}),
        ("budget-stv", {"completion": "none"}),
    ],
)
def test_whatever_the_settings_every_outcome_has_its_reason(
    rule: str, parameters: dict[str, Any], app: object, clock: time_machine.Traveller,
    client: BrowserLikeClient, eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(rule=rule, parameters=parameters)
    (result,) = results_of(decided.publish(round_, certified_by=eli, by=ewa))
    page = words(client, f"/rounds/budget-2025/contests/{CITY}")

    assert len(re.findall(r"Funded as number \d|Not funded[,:]", page)) == 4
    assert canonical_json(parameters) in page or "limits" in parameters
    assert "in its plain form" in page or rule not in {o.rule for o in result.other_rules}
    assert rule in {other.rule for other in result.other_rules}


@each_rule
def test_the_announced_number_is_that_of_the_published_count(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(rule=rule)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    count = content(publication, f"{CITY}-count.json")
    digest = hashlib.sha256(count).hexdigest()

    assert digest == certified_counts(round_.id)[0].document_sha256
    assert digest in words(client, "/rounds/budget-2025")
    document = json.loads(content(publication, f"{CITY}.json"))
    assert document["contest"]["count_sha256"] == digest
    assert canonical_json(document["count"]).encode() == count
    file = io.BytesIO(content(publication, f"{CITY}.pb"))
    assert counting.count(*counting.read_pb(file)).as_json().encode() == count
    assert {row["outcome"] for row in document["results"]} == {"funded", "not_funded"}


@each_rule
def test_other_rules_stand_beside_the_decision_and_the_plain_points_among_them(
    rule: str, app: object, clock: time_machine.Traveller, eli: User, ewa: User
) -> None:
    publication = decided.publish(decided.decided_round(rule=rule), certified_by=eli, by=ewa)
    (result,) = results_of(publication)

    assert {other.rule for other in result.other_rules} == {*OFFERED, BY_TABLE} - {rule}
    assert result.voters is not None
    assert result.voters.ballots == 60
    decision = frozenset(option.id for option in result.funded)
    for other in result.other_rules:
        assert set(other.only_there) == other.funded - decision
        assert set(other.only_here) == decision - other.funded


@each_rule
def test_the_money_of_each_theme_stands_beside_the_ballots_that_put_it_first(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(rule=rule, themes=("Parks", "Parks", "Streets", ""))
    (result,) = results_of(decided.publish(round_, certified_by=eli, by=ewa))
    page = words(client, f"/rounds/budget-2025/contests/{CITY}/other-rules")

    assert result.voters is not None
    groups = {group.name: group for group in result.voters.groups}
    assert {name: group.options for name, group in groups.items()} == {
        "Parks": 2, "Streets": 1, "": 1,
    }  # fmt: skip
    assert sum(group.first_choices or 0 for group in groups.values()) == result.ballots
    assert sum(group.spent for group in groups.values()) == result.spent
    for other in result.other_rules:
        assert sum(map(other.voters.spent_on, groups)) == other.spent
    assert "Theme by theme: the money, and what ballots put first" in page
    assert "No theme" in page


def test_a_result_published_before_themes_were_told_can_still_be_read(
    app: object, clock: time_machine.Traveller, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round(themes=("Parks", "Parks", "Streets", ""))
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    document = json.loads(content(publication, f"{CITY}.json"))
    for told in (document["statistics"], *(o["statistics"] for o in document["alternatives"])):
        del told["groups"], told["grouped_by"], told["choices"]

    result = read_document(canonical_json(document))
    assert result.voters is not None
    assert result.voters.groups == ()


@each_rule
def test_a_result_that_the_second_count_does_not_find_is_never_published(
    rule: str, app: object, clock: time_machine.Traveller, eli: User, ewa: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    honest = recounts.recount
    monkeypatch.setattr(
        "transparency.services.preparing.recount", lambda content: honest(content)[::-1]
    )
    for ballots in (60, 20):  # few ballots are recounted as well, wherever they are kept
        round_ = decided.decided_round(f"of-{ballots}", city=ballots, rule=rule)
        with pytest.raises(PublicationStopped) as stopped:
            decided.publish(round_, certified_by=eli, by=ewa)
        database.session.rollback()
        assert stopped.value.code == "counts_differ"


# --- few ballots -------------------------------------------------------------------------------


@each_rule_of_rankings
def test_of_few_rankings_only_the_outcome_is_told(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(district=district("Riverside"), local=49, rule=rule)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    names = sorted(name for name in manifest_of(publication) if name.startswith(LOCAL))
    document = json.loads(content(publication, f"{LOCAL}.json"))
    certified = json.loads(certified_counts(round_.id)[1].document)

    assert names == [
        f"{LOCAL}-count.json",
        f"{LOCAL}-projects.csv",
        f"{LOCAL}-ranks.csv",
        f"{LOCAL}-ranks.json",
        f"{LOCAL}.json",
    ]
    assert document["count"]["funded"] == certified["funded"]
    assert not {"statistics", "alternatives"} & set(document)
    assert document["count"]["facts"] == {}
    secret = {"price", "payers", "share", "support", "quota", "payment", "rank", "tier"}
    assert not any(secret & set(stage) for stage in document["count"]["stages"])
    figures = ("price", "payers", "cost_limit", "points_limit", "budget_limit", "ballots_more")
    assert {row[name] for row in document["results"] for name in (*figures, "rival")} == {None}
    page = words(client, f"/rounds/budget-2025?contest={LOCAL}")
    assert "auditors recount it" in page
    assert "recount.py budget" not in page
    assert "auditors can recount them" in words(client, f"/rounds/budget-2025/contests/{LOCAL}")


@each_rule_of_rankings
def test_of_few_rankings_no_file_and_no_page_holds_one(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(district=district("Riverside"), local=49, rule=rule)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    count = certified_counts(round_.id)[1]
    refs = [option.ref for option in count.contest.options]
    longer = [
        [refs[n] for n in ranking] for ranking in decided.rankings(49, 6, seed=2)
        if len(ranking) > 1
    ]  # fmt: skip
    told = json.loads(content(publication, f"{LOCAL}-count.json"))
    public = {canonical_json(stage["tied_with"]) for stage in told["stages"]}
    public |= {canonical_json(told["funded"])}
    traces = {count.ballots_sha256, count.document_sha256}
    traces |= {joined.join(ranking) for ranking in longer for joined in (",", ";")}
    traces |= {canonical_json(ranking) for ranking in longer} - public

    pages = (f"/rounds/budget-2025?contest={LOCAL}", f"/rounds/budget-2025/contests/{LOCAL}")
    texts = [content(publication, name) for name in manifest_of(publication) if LOCAL in name]
    texts += [client.get(address).get_data() for address in pages]
    for text in texts:
        assert [trace for trace in traces if trace.encode() in text] == []


@each_rule_of_rankings
def test_whoever_publishes_few_rankings_is_told_that_only_the_outcome_is_public(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(district=district("Riverside"), local=49, rule=rule)
    decided.certify(round_, eli)
    sign_in(client, ewa)
    screen = client.get("/staff/rounds/budget-2025/publication").text
    assert screen.count("only the outcome; auditors recount it") == 1
    assert "only the table of proposal and rank" not in screen


# --- before publication --------------------------------------------------------------------------


@each_rule
def test_an_officer_reads_every_turn_before_she_certifies(
    rule: str, app: object, clock: time_machine.Traveller, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    round_ = decided.decided_round(rule=rule)
    decided.certify(round_, eli)
    count = next(iter(latest_counts(round_.id).values()))
    sign_in(client, ewa)
    page = words(client, f"/staff/counts/{count.ref}")

    turns = len(json.loads(count.document)["stages"])
    assert page.count("Trees for the city, lot") >= turns
    assert len(re.findall(r"(?<!Not )Funded(?= |$)", page)) > 1
