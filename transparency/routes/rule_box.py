"""What the box "How it is counted" says of a contest's rule."""

from typing import Any

from voting.counting import RULES
from voting.counting.parameters import canonical_json
from voting.models import Contest
from voting.rule_words import settings_of


def rule_box(contest: Contest) -> dict[str, Any]:
    """The rule, its settings in sentences, and exactly as they are counted with."""
    return {
        "rule": RULES.get(contest.rule),
        "settings": settings_of(contest),
        "exact": f"{contest.rule} {contest.rule_version} {canonical_json(contest.rule_parameters)}",
    }
