"""The rules that a city can choose for a contest held here."""

from voting.counting import RULES

OFFERED = {
    name: rule for name, rule in RULES.items() if "ordinal" in rule.vote_types and rule.terms
}
"""Voters here rank, and every outcome can be explained."""
