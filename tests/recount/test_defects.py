"""Each thing that a server could bend and sign is found, and the first place of it is named."""

from collections.abc import Callable

import pytest

from tests.recount import defects
from tests.recount.logs import Log, log_of
from tests.recount.verifying import verify

Defect = Callable[[Log], object]


@pytest.mark.parametrize(
    ("defect", "told"),
    [
        (
            defects.remove_leaf,
            "heads.json, head 1: the first 5 leaves are not those that were signed",
        ),
        (
            defects.change_leaf,
            "heads.json, head 2: the first 9 leaves are not those that were signed",
        ),
        (
            defects.swap_leaves,
            "heads.json, head 1: the first 5 leaves are not those that were signed",
        ),
        (defects.same_leaf_twice, "leaves.txt: leaf 4 stands in the log twice"),
        (defects.cut_the_log, "leaves.txt: the final head does not sign all of its 10 leaves"),
        (defects.stuff_after_the_final_head, "the final head does not sign all of its 13 leaves"),
        (defects.count_a_ballot_less, "closing.json: 12 leaves less 2 are not 9 counted"),
        (defects.supersede_without_counting, "closing.json: 12 leaves less 3 are not 10 counted"),
        (defects.supersede_and_mark, "closing.json: 9 ballots, but 10 roll marks"),
        (defects.change_ranking, "openings.json, leaf 7: it was sealed with another ballot"),
        (defects.publish_another_ranking, "ballots.pb: "),
        (defects.publish_a_ballot_twice_for_another, "ballots.pb: "),
        (
            defects.seal_a_ballot_of_another_contest,
            "openings.json, leaf 3: it was sealed with another",
        ),
        (
            defects.rank_twice,
            "openings.json, leaf 0: it does not rank options of its manifest, each once",
        ),
        (
            defects.rank_too_many,
            "openings.json, leaf 0: it ranks 4, which its manifest does not allow",
        ),
        (
            defects.rank_nothing,
            "openings.json, leaf 0: it ranks 0, which its manifest does not allow",
        ),
        (defects.rank_what_is_no_option, "openings.json, leaf 0: it does not rank options"),
        (
            defects.name_a_manifest_that_came_later,
            "leaf 0: its manifest is newer than the head that signs",
        ),
        (
            defects.name_an_unknown_manifest,
            "leaf 0: it names a manifest that is not in manifests.json",
        ),
        (defects.leave_an_opening_out, "leaf 5: the opening of leaf 7 stands in its place"),
        (defects.leave_the_last_opening_out, "leaf 11: it is counted, but not opened"),
        (defects.open_a_leaf_twice, "leaf 7: the opening of leaf 5 stands in its place"),
        (defects.open_what_was_superseded, "leaf 3: the opening of leaf 2 stands in its place"),
        (defects.swap_the_manifests, "manifests.json, manifest 1: its number is 2"),
        (defects.drop_the_first_manifest, "manifests.json, manifest 1: its number is 2"),
        (
            defects.change_a_cost,
            "heads.json, head 1: it names a manifest that is not in manifests.json",
        ),
        (defects.change_the_last_cost, "heads.json, head 2: it names a manifest that is not in"),
        (defects.close_under_the_old_manifest, "closing.json: it does not name the newest"),
        (defects.close_with_another_root, "closing.json: its size and root are not those"),
        (defects.close_with_another_size, "closing.json: its size and root are not those"),
        (defects.turn_the_superseded, "closing.json: superseded are no positions in the log"),
        (defects.supersede_one_twice, "closing.json: superseded are no positions in the log"),
        (defects.supersede_what_is_not_there, "superseded are no positions in the log"),
        (defects.withdraw_what_was_superseded, "a position is both superseded and withdrawn"),
        (defects.tell_more_paper_than_leaves, "13 ballots on paper are more than there are leaves"),
        (defects.change_the_key, "manifest 1: it names another key than the newest one does"),
        (defects.turn_the_options, "manifest 2, option 0: its number is 3"),
        (
            defects.give_two_options_one_ref,
            "manifests.json, manifest 2: two options have the same ref",
        ),
        (defects.end_twice, "heads.json, head 2: the last head is the final one, and no other is"),
        (defects.never_end, "heads.json, head 3: the last head is the final one, and no other is"),
        (defects.shrink, "heads.json, head 2: its size is 5, but sizes only grow"),
        (defects.head_of_another_contest, "heads.json, head 2: it is of the contest 'north-2026'"),
        (defects.head_of_an_older_manifest, "heads.json, head 2: it names an older manifest"),
    ],
)
def test_what_a_server_bends_and_signs_is_found_and_named(defect: Defect, told: str) -> None:
    log = log_of()
    defect(log)

    said = verify(log)

    assert said.code == 1
    assert [line for line in said.wrong if told in line], said.text
