"""Small races as the tests write them: "A B" for a paper, "A=B" for two at one rank, "-" for none.

count("irv", 1, {"A B": 4, "B A": 3})
"""

from collections.abc import Mapping

from hypothesis import strategies as st

from voting.counting.seats import Candidate, Election, Papers, Race, elect

Marks = Mapping[str, int]
Ranks = tuple[tuple[int, ...], ...]


def race_of(names: str, seats: int = 1, tie_order: str = "", withdrawn: str = "") -> Race:
    """A race whose candidates have one letter each."""
    return Race.build(
        "A test", [Candidate(name) for name in names], seats,
        tie_order=tie_order or None, withdrawn=withdrawn,
    )  # fmt: skip


def papers_of(race: Race, marks: Marks) -> Papers:
    return Papers.of_marks((ranks_of(race, text), copies) for text, copies in marks.items())


def ranks_of(race: Race, text: str) -> Ranks:
    """The ranks that a text such as "A B=C - D" stands for."""
    return tuple(
        () if rank == "-" else tuple(race.ids.index(name) for name in rank.split("="))
        for rank in text.split()
    )


def count(
    rule: str,
    seats: int,
    marks: Marks,
    *,
    names: str = "",
    lot: str = "",
    gone: str = "",
    **given: str,
) -> Election:
    """Count these papers; the candidates are the letters on them, or `names`."""
    names = names or "".join(sorted({sign for text in marks for sign in text if sign.isalpha()}))
    race = race_of(names, seats, lot, gone)
    return elect(race, papers_of(race, marks), rule, given)


def tallies(election: Election, stage: int) -> dict[str, int]:
    """The tallies above zero at the end of a stage, in units."""
    shown = zip(election.race.ids, election.stages[stage - 1].tallies, strict=True)
    return {ref: tally for ref, tally in shown if tally}


@st.composite
def races(
    draw: st.DrawFn, *, most: int = 6, seats: int | None = None, plain: bool = False
) -> tuple[Race, dict[Ranks, int]]:
    """A random race with its papers, some of them badly marked unless `plain`."""
    names = "ABCDEFGH"[: draw(st.integers(1, most))]
    filled = seats or draw(st.integers(1, 4))
    race = race_of(names, filled, "".join(draw(st.permutations(names))))
    order = st.permutations(range(len(names))).flatmap(
        lambda whole: st.integers(1, len(whole)).map(lambda length: [(n,) for n in whole[:length]])
    )
    rank = st.lists(st.integers(0, len(names) - 1), max_size=2, unique=True).map(tuple)
    paper = order if plain else st.one_of(order, st.lists(rank, max_size=4))
    marks = draw(st.dictionaries(paper.map(tuple), st.integers(1, 9), min_size=1, max_size=9))
    return race, marks
