"""What the box "How it is counted" says of a contest's rule."""

from typing import Any

from voting.counting import RULES
from voting.counting.parameters import canonical_json
from voting.counting.seats import SEAT_RULES
from voting.models import Contest
from voting.rule_words import settings_of
from voting.seat_rule_words import settings_in_words as seat_settings_in_words


def rule_box(contest: Contest) -> dict[str, Any]:
    """The rule, its settings in sentences, and exactly as they are counted with."""
    return {
        "rule": (SEAT_RULES if contest.is_for_seats else RULES).get(contest.rule),
        "settings": _settings(contest),
        "exact": f"{contest.rule} {contest.rule_version} {canonical_json(contest.rule_parameters)}",
    }


def _settings(contest: Contest) -> list[str]:
    if contest.is_for_seats:
        return seat_settings_in_words(contest.rule, contest.rule_parameters)
    return settings_of(contest)
