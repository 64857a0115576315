"""The counting rules, one module each; a new rule is a module and one entry in `RULES`."""

from voting.counting.errors import UnknownRule
from voting.counting.rules.points_by_rank import POINTS_BY_RANK
from voting.counting.rules.rule import FUNDED, SKIPPED, Rule, Stage

RULES: dict[str, Rule] = {rule.name: rule for rule in (POINTS_BY_RANK,)}

__all__ = ["FUNDED", "RULES", "SKIPPED", "Rule", "Stage", "find_rule", "known_rules"]


def find_rule(name: str, vote_type: str, version: str = "") -> Rule:
    """The rule of this name, ours or Pabulib's, for these ballots; UnknownRule if there is none."""
    for rule in RULES.values():
        if name not in (rule.name, rule.pabulib) or vote_type not in rule.vote_types:
            continue
        if name == rule.name and version not in ("", rule.version):
            raise UnknownRule(
                f"The rule {name!r} is wanted in version {version!r}; "
                f"this program knows version {rule.version!r}."
            )
        return rule
    raise UnknownRule(
        f"The rule {name!r} on {vote_type!r} ballots is not known here; known: {known_rules()}."
    )


def known_rules() -> str:
    """All rules by both names, for messages and the command line's help."""
    return "; ".join(
        f"{rule.name} (Pabulib's {rule.pabulib}) on {' and '.join(rule.vote_types)} ballots"
        for rule in RULES.values()
    )
