"""The rules of the talk, which a moderator names when she acts and a resident when she reports."""

from dataclasses import dataclass

from flask_babel import gettext


@dataclass(frozen=True)
class HouseRule:
    """A rule with its short name and one sentence."""

    code: str
    name: str
    sentence: str


def house_rules() -> list[HouseRule]:
    """All rules, in the order in which they are shown, in the reader's language."""
    return [
        HouseRule(
            "respect",
            gettext("Respect"),
            gettext("Argue with what is said, not with who says it. No insults, no threats."),
        ),
        HouseRule(
            "privacy",
            gettext("Privacy"),
            gettext("Do not publish private facts about other people."),
        ),
        HouseRule(
            "subject",
            gettext("Subject"),
            gettext("Stay with the question of this thread."),
        ),
        HouseRule(
            "advertising",
            gettext("No advertising"),
            gettext("No selling, no campaigning for a party, no repeated posts."),
        ),
        HouseRule(
            "law",
            gettext("Law"),
            gettext("Nothing that the law forbids."),
        ),
    ]


def rule_named(code: str | None) -> HouseRule | None:
    return next((rule for rule in house_rules() if rule.code == code), None)


def rule_choices() -> list[tuple[str, str]]:
    """(code, name and sentence), for a form."""
    return [(rule.code, f"{rule.name}: {rule.sentence}") for rule in house_rules()]
