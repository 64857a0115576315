"""Which rule counts a contest, and with which parameters: by our names or by Pabulib's.

A file says it by META's rule, or by our line in its comment; whoever counts may name another.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from voting.counting.contest import Contest
from voting.counting.errors import UnknownRule
from voting.counting.parameters import CUSTOM, EXCLUSIVE
from voting.counting.rules.known import RULES
from voting.counting.rules.rule import Rule

UNSAID = ("", "unknown")


class Choice(NamedTuple):
    """A rule and the parameters it counts with, checked."""

    rule: Rule
    parameters: Mapping[str, Any]


def find_rule(name: str, vote_type: str, version: str = "") -> Rule:
    """The rule of this name, ours or Pabulib's, for these ballots; UnknownRule if there is none."""
    for rule in RULES.values():
        known = name == rule.name or name in rule.names or name in rule.nicknames
        if not known or vote_type not in rule.vote_types:
            continue
        if version and name != rule.name:
            raise UnknownRule(f"The rule {name!r} has no version {version!r}: it is Pabulib's.")
        if version not in ("", rule.version):
            raise UnknownRule(
                f"The rule {name!r} is wanted in version {version!r}; "
                f"this program knows version {rule.version!r}."
            )
        return rule
    raise UnknownRule(_why_unknown(name, vote_type))


def choose_rule(contest: Contest, name: str | None = None) -> Choice:
    """The rule that the contest says, or the one named here instead, with its parameters.

    Our name for the contest's own rule keeps the contest's parameters. One of Pabulib's names
    stands for what it says itself, with what META adds. Raises UnknownRule, or CountingError for
    wrong parameters.
    """
    if name is None:
        rule = find_rule(contest.rule, contest.vote_type, contest.rule_version)
    else:
        rule = find_rule(name, contest.vote_type)
    parameters = _parameters(contest, rule, contest.rule if name is None else name)
    rule.check(contest, parameters)
    return Choice(rule, parameters)


def known_rules() -> str:
    """All rules by both names, for messages and the command line's help."""
    return "; ".join(
        f"{_names(rule)} on {' and '.join(rule.vote_types)} ballots" for rule in RULES.values()
    )


def _names(rule: Rule) -> str:
    plain = next(iter(rule.names), "")
    return f"{rule.name} (Pabulib's {plain})" if plain else rule.name


def _parameters(contest: Contest, rule: Rule, name: str) -> Mapping[str, Any]:
    if name in rule.nicknames:
        return rule.nicknames[name](contest.meta)
    if not _is_known(contest.rule, contest.rule_version):
        return rule.names[name](contest.meta) if name in rule.names else {}
    own = contest.rule == rule.name or (contest.parameters and contest.rule in rule.names)
    told = (
        "exclusive" in contest.parameters
        if name == EXCLUSIVE
        else name in (contest.rule, rule.name)
    )
    if own and told:
        return contest.parameters
    if name in rule.names:
        return rule.names[name](contest.meta)
    if contest.rule in rule.names and contest.rule != EXCLUSIVE:
        return rule.names[contest.rule](contest.meta)
    return {}


def _is_known(name: str, version: str) -> bool:
    """Whether a rule that a contest says in a version is one of ours today; META gives none."""
    return not version or (name in RULES and RULES[name].version == version)


def _why_unknown(name: str, vote_type: str) -> str:
    if name == CUSTOM:
        return (
            "The rule 'greedy-custom' is known only to those who made the file; "
            f"name another (--rule): {known_rules()}."
        )
    if name in UNSAID:
        return f"The file does not say its rule; name one (--rule): {known_rules()}."
    return f"The rule {name!r} on {vote_type!r} ballots is not known here; known: {known_rules()}."
