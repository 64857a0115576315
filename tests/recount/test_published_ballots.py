"""The ballots in a bundle are those of the leaves, under the terms that were promised."""

from typing import Any

import pytest

from tests.recount.logs import REFS, Log, commitment_of, log_of, manifest_hash, pretty
from tests.recount.verifying import verify


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"budget;15000", b"budget;15001", "p-12 does not have the manifest's cost"),
        (b"p-3;409.99", b"p-3;409.98", "p-3 does not have the manifest's cost"),
        (b'""p-7"", ""p-40""', b'""p-40"", ""p-7""', "its tie order is not that of the manifest"),
        (b"p-40;", b"p-41;", "the tie order in its comment does not name each project once"),
        (
            b"PROJECTS\nproject_id;cost;name\n",
            b"PROJECTS\nproject_id;cost;name\np-99;1;x\n",
            "does not name each",
        ),
        (b"\n1;", b"\n1;x,", "names 'x', no project"),
        (b"points-by-rank 1", b"equal-shares 1", "its rule, or a parameter of it"),
        (b"points-by-rank 1", b"points-by-rank 2", "its rule, or a parameter of it"),
        (b'{""tie_order', b'{""threshold"": 5, ""tie_order', "its rule, or a parameter of it"),
    ],
)
def test_published_ballots_stand_under_the_promised_terms(
    old: bytes, new: bytes, told: str
) -> None:
    files = log_of().files()
    assert old in files["ballots.pb"]

    said = verify(files | {"ballots.pb": files["ballots.pb"].replace(old, new)})

    assert said.code == 1
    assert told.lower() in said.wrong[0].lower()


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("greedy", {}),
        ("greedy-no-skip", {"no_skip": True}),
        ("greedy-80", {"no_skip": True, "top_up": 80}),
        ("greedy-threshold\nmin_project_score_threshold;7", {"threshold": 7}),
    ],
)
def test_a_rule_by_a_name_of_pabulib_is_the_promised_one(
    rule: str, parameters: dict[str, Any]
) -> None:
    log = log_of(rule_parameters=parameters)
    for place, option in enumerate(log.newest["options"]):
        option["tie_position"] = place
    reseal_under(log, log.newest)
    head, _, rest = log.files()["ballots.pb"].decode().partition("rule;")
    text = f"{head}rule;{rule}\nPROJECTS{rest.partition('PROJECTS')[2]}"
    said = verify(log.files() | {"ballots.pb": text.encode()})
    assert said.code == 0, said.text

    other = {} if parameters else {"no_skip": True}
    reseal_under(log, log.newest | {"rule_parameters": other})
    said = verify(log.files() | {"ballots.pb": text.encode()})

    assert said.wrong == ["ballots.pb: its rule, or a parameter of it, is not that of the manifest"]


def test_ballots_that_were_swapped_after_closing_are_found_by_everybody() -> None:
    """No openings are needed: what was signed before the count binds them."""
    log = log_of(openings="auditors")
    log.without = {"openings.json"}
    assert verify(log).code == 0
    published = log.files()["ballots.pb"]

    log.ballots[3] = ["p-40", "p-12"] if log.ballots[3] != ["p-40", "p-12"] else ["p-7"]
    said = verify(log)

    assert log.files()["ballots.pb"] != published
    assert said.wrong == ["ballots.pb: its ballots are not those that the closing record binds"]


def test_the_ballots_of_an_election_are_bound_too() -> None:
    log = log_of(openings="auditors", budget_minor=None)
    log.ballots_file = "ballots.blt"
    log.without = {"openings.json"}
    assert verify(log).code == 0, verify(log).text

    log.ballots[0] = [*reversed(REFS[:3])] if log.ballots[0] != [*reversed(REFS[:3])] else REFS[:1]

    told = "ballots.blt: its ballots are not those that the closing record binds"
    assert verify(log).wrong == [told]


def test_what_binds_the_ballots_must_be_there() -> None:
    log = log_of()
    log.without = {"ballots.json"}
    said = verify(log)
    assert said.wrong == ["ballots.json: it is missing, so that the ballots could be any"]

    log = log_of()
    log.closing["ballots"] = None
    assert "closing.json: it binds no ballots" in verify(log).wrong

    log = log_of(4, sizes=(), superseded=[], rankings_from=50)
    log.closing["ballots"] = "ab" * 32
    log.without = {"ballots.pb", "ballots.json", "openings.json"}
    assert verify(log).wrong == ["closing.json: of so few ballots it should bind none"]


def test_few_that_are_left_after_a_withdrawal_are_not_published() -> None:
    """Ten were counted, and nine of them rank what still stands."""
    log = log_of(taken_off=["p-40"], rankings_from=10)
    log.without = {"ballots.json", "ballots.pb", "openings.json"}
    assert verify(log).code == 0

    log.without = {"ballots.json"}
    assert (
        verify(log).right[-1].endswith("(this is an auditor's own copy, and not to be passed on)")
    )

    log.closing["ballots"] = "ab" * 32
    told = "closing.json: of so few ballots it should bind none; 9 ballots can be published"
    assert told in verify(log).wrong


def test_enough_that_are_left_after_a_withdrawal_are_bound() -> None:
    log = log_of(taken_off=["p-40"], rankings_from=9)
    assert verify(log).code == 0

    log.closing["ballots"] = None

    assert "closing.json: it binds no ballots; 9 ballots can be published" in verify(log).wrong


def test_openings_alone_are_held_against_what_was_bound() -> None:
    log = log_of(openings="auditors")
    log.without = {"ballots.pb"}
    assert verify(log).code == 0

    log.closing["ballots"] = "ab" * 32

    told = "openings.json: its ballots are not those that the closing record binds"
    assert verify(log).wrong == [told]


def test_the_salt_of_another_contest_binds_nothing_here() -> None:
    log = log_of()

    said = verify(log.files() | {"ballots.json": pretty(log.salt() | {"contest": "north-2026"})})

    assert said.wrong == ["ballots.json: it is of the contest 'north-2026'"]


def test_who_stands_under_a_limit_is_what_was_promised() -> None:
    log = log_of(rule_parameters={"limits": [{"ids": ["p-12", "p-3"], "name": "A", "projects": 1}]})
    comment = b'{""limits"": [{""ids"": [""p-12"", ""p-3""], ""name"": ""A"", ""projects"": 1}], '
    files = log.files()
    right = files["ballots.pb"].replace(b'{""tie_order', comment + b'""tie_order')
    wrong = right.replace(b'[""p-12"", ""p-3""], ""name', b'[""p-12"", ""p-7""], ""name')

    assert verify(files | {"ballots.pb": right}).code == 0, verify(
        files | {"ballots.pb": right}
    ).text
    told = "ballots.pb: its rule, or a parameter of it, is not that of the manifest"
    assert verify(files | {"ballots.pb": wrong}).wrong == [told]


def test_the_same_money_in_finer_parts_is_the_same() -> None:
    files = log_of().files()

    said = verify(files | {"ballots.pb": files["ballots.pb"].replace(b"409.99", b"409.990000")})

    assert said.code == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("ballots.pb", ";Spielplatz „p-3“", ";Garden"), ("ballots.blt", '"Spielplatz „p-3“"', '"x"')],
)
def test_nobody_wins_under_the_title_of_another(file: str, old: str, new: str) -> None:
    log = log_of()
    log.ballots_file = file
    files = log.files()
    assert verify(files).code == 0
    text = files[file].decode()
    assert old in text

    said = verify(files | {file: text.replace(old, new).encode()})

    assert said.wrong == [f"{file}: p-3 does not have the manifest's title"]


def question() -> Log:
    """A question without money, whose ballots are a .blt file."""
    log = log_of(budget_minor=None, currency=None, seats=1)
    log.ballots_file = "ballots.blt"
    log.newest["options"][0]["title"] = 'The "Old" Mill'
    reseal_under(log, log.newest)
    return log


def reseal_under(log: Log, manifest: dict[str, Any]) -> None:
    """Another second manifest, as if it had been the one from the beginning."""
    log.manifests[1] = manifest
    named = manifest_hash(manifest)
    log.closing["manifest"] = log.heads[1]["manifest"] = log.heads[2]["manifest"] = named
    for opening in log.openings:
        if opening["position"] >= 6:
            opening["manifest"] = named
            log.leaves[opening["position"]] = commitment_of(opening)
    log.seal_again()


def test_the_ballots_of_a_question_are_those_of_the_leaves() -> None:
    said = verify(question())

    assert said.code == 0, said.text
    assert said.right[-1].endswith("hold those of ballots.blt")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"4 1\n", b"5 1\n", "not as many candidates"),
        (b" 0\n0\n", b" 0\n", "it does not rank options"),
        (b" 0\n0\n", b" 0\n1 4 0\n0\n", "it has 11 ballots, not as many as were counted"),
        (b"4 1\n1 ", b"4 1\n2 ", "it has 11 ballots, not as many as were counted"),
        (b"4 1\n1 ", b"4 1\nx ", "Line 2: it does not rank options of the manifest"),
        (b"4 1\n1 ", b"4 1\n1 9 ", "Line 2: it does not rank options of the manifest"),
    ],
)
def test_what_is_wrong_in_the_ballots_of_a_question_is_named(
    old: bytes, new: bytes, told: str
) -> None:
    files = question().files()
    assert old in files["ballots.blt"]

    said = verify(files | {"ballots.blt": files["ballots.blt"].replace(old, new, 1)})

    assert said.code == 1
    assert told in said.wrong[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"vote_type;ordinal", b"vote_type;approval"),
        (b"VOTES\nvoter_id;vote\n", b"RANKS\nproject_id;length;rank;ballots\np-3;1;1;10\n"),
    ],
)
def test_what_ranks_nothing_does_not_stand_for_the_ballots(old: bytes, new: bytes) -> None:
    raw = log_of().files()["ballots.pb"]
    assert old in raw
    text = raw.replace(old, new).split(b"\n1;")[0] if b"RANKS" in new else raw.replace(old, new)

    said = verify(log_of().files() | {"ballots.pb": text})

    assert said.wrong[0] == "ballots.pb: It has no rankings."


def test_a_project_that_nobody_could_rank_is_not_published() -> None:
    raw = log_of().files()["ballots.pb"]
    raw = raw.replace(b"\nVOTES", b"\np-99;1;Mine\nVOTES").replace(
        b'[""p-7""', b'[""p-99"", ""p-7""'
    )

    said = verify(log_of().files() | {"ballots.pb": raw})

    assert said.wrong == ["ballots.pb: its projects are not the options of the manifest"]
