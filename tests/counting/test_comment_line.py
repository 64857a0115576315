"""When our line in the comment is obeyed, and when it is refused: the same by both programs."""

import contextlib
import io
from pathlib import Path

import pytest

from tests.counting.elections import run_recount
from voting.counting.__main__ import main

TEXT = """\
META
key;value
budget;100
vote_type;approval
rule;{rule}
comment;"#1: common-purse {line}"
PROJECTS
project_id;cost
a;60
b;50
c;30
VOTES
voter_id;vote
1;a,b
2;b
3;c,a
"""
TIES = '"tie_order":["c","b","a"]'
APART = '"exclusive":[["a","c"]]'


def by_both(path: Path, text: str, asked: str | None = None) -> list[str] | None:
    """The winners, on which both agree; None where both refuse."""
    path.write_text(text, encoding="utf-8", newline="")
    options = ["--winners", *(("--rule", asked) if asked else ())]
    said, sentence = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(sentence):
        code = main(["count", str(path), *options])
    other, out, refusal = run_recount(str(path), *options)
    assert (code, said.getvalue()) == (other, out), sentence.getvalue() + refusal
    return None if code else out.split()


@pytest.mark.parametrize("asked", [None, "approvals", "greedy", "greedy-exclusive", "equal-shares"])
@pytest.mark.parametrize(
    ("rule", "line", "winners"),
    [
        # By the file's own rule, then by each that is asked for.
        ("greedy-custom", f"approvals 1 {{{TIES}}}", ["bc", "bc", "bc", None, "bc"]),
        ("greedy-custom", f"approvals 1 {{{TIES},{APART}}}", ["bc", "bc", "bc", "bc", "bc"]),
        ("greedy-custom", f"approvals 2 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-custom", f"greedy 1 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-custom", f"greedy-no-skip 1 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-custom", f"equalshares 1 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-custom", f"greedy-exclusive 1 {{{TIES},{APART}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-custom", f'approvals 1 {{{TIES},"joy":1}}', [None] * 5),
        ("greedy-custom", 'approvals 1 {"tie_order":["c","b","x"]}', [None] * 5),
        ("greedy-exclusive", f"approvals 1 {{{TIES},{APART}}}", ["bc", "bc", "bc", "bc", "bc"]),
        ("greedy-exclusive", f"approvals 1 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-exclusive", f"equal-shares 1 {{{TIES}}}", [None, "bc", "bc", None, "bc"]),
        ("greedy-exclusive", f"greedy-exclusive 1 {{{TIES},{APART}}}",
         [None, "bc", "bc", None, "bc"]),
        ("greedy-exclusive", f'approvals 1 {{{TIES},{APART},"joy":1}}', [None] * 5),
        ("greedy-exclusive", f'approvals 1 {{{TIES},"joy":1}}', [None] * 5),
        ("greedy-exclusive", 'approvals 1 {"tie_order":["c","b","x"]}', [None] * 5),
        ("greedy", f'approvals 1 {{{TIES},"joy":1}}', ["ac", "ac", "ac", None, "bc"]),
        ("greedy", "approvals 1 {}", [None] * 5),
    ],
)  # fmt: skip
def test_a_line_is_obeyed_or_refused(
    rule: str, line: str, winners: list[str | None], asked: str | None, tmp_path: Path
) -> None:
    text = TEXT.format(rule=rule, line=line.replace('"', '""'))
    wanted = winners[[None, "approvals", "greedy", "greedy-exclusive", "equal-shares"].index(asked)]

    found = by_both(tmp_path / "vote.pb", text, asked)

    assert found == (None if wanted is None else [*wanted])


BLANK_OR_SIGN = {
    "a space": (" ", True),
    "a tab": ("\t", True),
    "a no-break space": ("\u00a0", True),
    "a file separator": ("\x1c", False),
    "a form feed": ("\x0c", False),
    "a next line": ("\x85", False),
    "an em space": ("\u2003", False),
    "a zero-width space": ("\u200b", False),
}


@pytest.mark.parametrize(("sign", "blank"), BLANK_OR_SIGN.values(), ids=[*BLANK_OR_SIGN])
def test_a_blank_is_passed_over_and_another_sign_is_not(
    sign: str, blank: bool, tmp_path: Path
) -> None:
    plain = TEXT.format(rule="greedy", line="x").replace("common-purse ", "")
    winners = by_both(tmp_path / "vote.pb", plain)
    assert winners == ["a", "c"]

    def counted(old: str, new: str) -> list[str] | None:
        assert plain.count(old) == 1
        return by_both(tmp_path / "vote.pb", plain.replace(old, new))

    around = winners if blank else None
    assert counted("\na;60", f"\n{sign}a;60") == around, "around a project's id"
    assert counted("a;60", f"a;60{sign}") == around, "around a cost"
    assert counted("c,a", f"c,{sign}a") == around, "around a comma"
    assert counted("\nVOTES", f"\n{sign}\nVOTES") == around, "alone in a line"
    again = None if blank else winners
    assert counted("\n2;b", f"\n1{sign};b") == again, "around another voter's id"
    assert counted("\n2;b", f"\n{sign};b") == again, "in the place of a voter's id"
    assert counted("\n2;b", f"\n1{sign}1;b") == winners, "within a voter's id"
