"""The counting rules, one module each; a new rule is a module and one entry in `RULES`."""

from voting.counting.rules.choice import Choice, choose_rule, find_rule, known_rules
from voting.counting.rules.known import RULES
from voting.counting.rules.rule import FUNDED, SKIPPED, TOPPED_UP, Record, Rule, Stage

__all__ = [
    "FUNDED",
    "RULES",
    "SKIPPED",
    "TOPPED_UP",
    "Choice",
    "Record",
    "Rule",
    "Stage",
    "choose_rule",
    "find_rule",
    "known_rules",
]
