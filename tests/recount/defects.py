"""What a server could bend in a log and then sign, as careful as it can be."""

from copy import deepcopy

from tests.recount.logs import REFS, Log, commitment_of, manifest_hash


def remove_leaf(log: Log) -> None:
    log.leaves.pop(1)


def change_leaf(log: Log) -> None:
    log.leaves[7] = commitment_of({**log.openings[0], "salt": "00" * 32})


def swap_leaves(log: Log) -> None:
    log.leaves[3], log.leaves[4] = log.leaves[4], log.leaves[3]


def same_leaf_twice(log: Log) -> None:
    """Two voters with the same receipt, and two ballots in the box."""
    log.leaves[4] = log.leaves[3]
    log.openings[3] = {**log.openings[2], "position": 4}
    log.ballots[3] = log.ballots[2]
    log.seal_again()


def cut_the_log(log: Log) -> None:
    log.leaves = log.leaves[:10]
    log.seal_again()
    log.heads.pop()
    log.heads[-1]["final"] = True


def stuff_after_the_final_head(log: Log) -> None:
    log.leaves.append("ab" * 32)


def count_a_ballot_less(log: Log) -> None:
    log.closing["counted"] -= 1


def supersede_without_counting(log: Log) -> None:
    log.closing["superseded"].append(9)


def supersede_and_mark(log: Log) -> None:
    """A ballot that its voter never changed is left out, and one is published less."""
    log.closing["superseded"].append(9)
    log.closing["counted"] -= 1


def change_ranking(log: Log) -> None:
    log.openings[5]["ranking"] = [REFS[3], REFS[0]]
    log.ballots[5] = [REFS[3], REFS[0]]


def publish_another_ranking(log: Log) -> None:
    log.ballots[5] = [*reversed(log.ballots[5])] if len(log.ballots[5]) > 1 else ["p-40"]


def publish_a_ballot_twice_for_another(log: Log) -> None:
    log.ballots[0] = next(one for one in log.ballots if one != log.ballots[0])


def seal_a_ballot_of_another_contest(log: Log) -> None:
    log.leaves[3] = commitment_of(log.openings[2], "north-2026")
    log.seal_again()


def rank_twice(log: Log) -> None:
    reseal(log, [REFS[0], REFS[0]])


def rank_too_many(log: Log) -> None:
    reseal(log, REFS)


def rank_nothing(log: Log) -> None:
    reseal(log, [])


def rank_what_is_no_option(log: Log) -> None:
    reseal(log, ["p-99"])


def reseal(log: Log, ranking: list[str], manifest: str | None = None) -> None:
    """The first counted ballot holds something that its manifest forbids."""
    opening = log.openings[0]
    opening["ranking"] = ranking
    opening["manifest"] = manifest or opening["manifest"]
    log.leaves[0] = commitment_of(opening)
    log.seal_again()


def name_a_manifest_that_came_later(log: Log) -> None:
    reseal(log, log.openings[0]["ranking"], manifest_hash(log.newest))


def name_an_unknown_manifest(log: Log) -> None:
    reseal(log, log.openings[0]["ranking"], "cd" * 32)


def leave_an_opening_out(log: Log) -> None:
    log.openings.pop(4)


def leave_the_last_opening_out(log: Log) -> None:
    log.openings.pop()


def open_a_leaf_twice(log: Log) -> None:
    log.openings.insert(4, log.openings[4])


def open_what_was_superseded(log: Log) -> None:
    log.openings.insert(2, {**log.openings[2], "position": 2})


def swap_the_manifests(log: Log) -> None:
    log.manifests.reverse()


def drop_the_first_manifest(log: Log) -> None:
    del log.manifests[0]


def change_a_cost(log: Log) -> None:
    log.manifests[0]["options"][1]["cost_minor"] += 1


def change_the_last_cost(log: Log) -> None:
    log.manifests[1]["options"][1]["cost_minor"] += 1


def give_two_options_one_ref(log: Log) -> None:
    log.newest["options"][1]["ref"] = log.newest["options"][0]["ref"]


def end_twice(log: Log) -> None:
    log.heads[1]["final"] = True


def never_end(log: Log) -> None:
    log.heads[-1]["final"] = False


def shrink(log: Log) -> None:
    log.heads.insert(1, deepcopy(log.heads[0]))


def head_of_another_contest(log: Log) -> None:
    log.heads[1]["contest"] = "north-2026"


def head_of_an_older_manifest(log: Log) -> None:
    log.heads[0]["manifest"] = log.heads[-1]["manifest"]
    log.heads[1]["manifest"] = manifest_hash(log.manifests[0])


def change_the_key(log: Log) -> None:
    log.manifests[0]["log_key"] = "ab" * 32


def turn_the_options(log: Log) -> None:
    """Whoever reads option 2 of the first manifest would find another project there."""
    log.newest["options"].reverse()


def close_under_the_old_manifest(log: Log) -> None:
    log.closing["manifest"] = manifest_hash(log.manifests[0])


def close_with_another_root(log: Log) -> None:
    log.closing["root"] = "ab" * 32


def close_with_another_size(log: Log) -> None:
    log.closing |= {"size": 13, "withdrawn": [11]}


def turn_the_superseded(log: Log) -> None:
    log.closing["superseded"].reverse()


def supersede_one_twice(log: Log) -> None:
    log.closing["superseded"] = [2, 2]


def supersede_what_is_not_there(log: Log) -> None:
    log.closing["superseded"] = [2, 12]


def withdraw_what_was_superseded(log: Log) -> None:
    """Taken off twice, one ballot would make room for another."""
    log.closing["withdrawn"] = [6]
    log.closing["counted"] = log.closing["roll_marks"] = 9


def tell_more_paper_than_leaves(log: Log) -> None:
    log.closing["paper"] = 13
