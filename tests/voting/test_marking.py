"""Marking a paper by buttons: whatever is posted, the answer is a ranking that can be shown."""

from hypothesis import given
from hypothesis import strategies as st

from voting.marking import Obstacle, act_on, found, keepable

KNOWN = ["a", "b", "c", "d", "e"]
refs = st.one_of(st.sampled_from(KNOWN), st.text(max_size=4))
acts = st.one_of(
    st.text(max_size=8),
    st.tuples(st.sampled_from(["add", "up", "down", "remove"]), refs).map(":".join),
)


@given(st.lists(refs, max_size=40), st.lists(acts, max_size=12), st.integers(1, 6))
def test_any_posted_ranking_and_any_acts_leave_distinct_known_projects(
    posted: list[str], pressed: list[str], most: int
) -> None:
    ranking = keepable(posted, KNOWN)
    for act in pressed:
        before = list(ranking)
        marked = act_on(ranking, act, KNOWN, most)
        ranking = marked.ranking

        assert len(set(ranking)) == len(ranking)
        assert set(ranking) <= set(KNOWN)
        assert abs(len(ranking) - len(before)) <= 1
        assert len(ranking) <= max(most, len(before))
        assert marked.obstacle is None or ranking == before


@given(st.permutations(KNOWN), st.sampled_from(KNOWN))
def test_up_and_down_undo_each_other(ranking: list[str], ref: str) -> None:
    up = act_on(ranking, f"up:{ref}", KNOWN, 5)
    down = act_on(up.ranking, f"down:{ref}", KNOWN, 5)

    assert up.obstacle is Obstacle.FIRST or down.ranking == ranking


@given(st.permutations(KNOWN), st.sampled_from(KNOWN))
def test_removing_and_adding_puts_a_project_last(ranking: list[str], ref: str) -> None:
    without = act_on(ranking, f"remove:{ref}", KNOWN, 5).ranking
    again = act_on(without, f"add:{ref}", KNOWN, 5).ranking

    assert again == [each for each in ranking if each != ref] + [ref]


def test_a_full_ranking_names_its_last_project_as_the_one_to_remove() -> None:
    marked = act_on(["a", "b"], "add:c", KNOWN, 2)

    assert (marked.obstacle, marked.ref) == (Obstacle.FULL, "b")


def test_projects_are_found_by_all_words_in_any_order_without_accents() -> None:
    texts = [("1", "Park nad Wisłą", "green"), ("2", "Ławki w parku", "street")]

    assert found(texts, "WISLA park", "") == {"1"}
    assert found(texts, "park", "") == {"1", "2"}
    assert found(texts, "park", "street") == {"2"}
    assert found(texts, "tram", "") == set()
    assert found(texts, "  ", "") is None
