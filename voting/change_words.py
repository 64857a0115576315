"""What two officers changed in a vote that was under way, in sentences for everybody."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from core.audit import AuditEntry
from core.i18n import money, number
from voting.offered import EVERY_RULE

ACTS = ("change_frozen_rule", "withdraw_option")
"""The public acts that change what is voted on."""


def change_in_words(entry: AuditEntry) -> str:
    """A public entry of the trail about such an act; a line for each thing that was changed."""
    details = entry.details
    if entry.act == "withdraw_option":
        return gettext(
            "“%(title)s” was withdrawn from the ballot while people voted. Ballots that rank it"
            " stay valid: it is passed over, and what is ranked below it moves up.",
            title=details["title"],
        )
    said = changes_in_words(details["before"], details["after"], details["currency"])
    return "\n".join([gettext("Rules were changed while people voted."), *said])


def changes_in_words(
    before: Mapping[str, Any], after: Mapping[str, Any], currency: str
) -> list[str]:
    """A sentence for each thing that was changed: what, from what, to what."""
    said = [_number(name, before[name], after[name]) for name in _NUMBERS if name in after]
    if "title" in after:
        said.insert(0, _wording(before["title"], after["title"]))
    if "budget_minor" in after:
        said.append(
            gettext("The pot: %(after)s instead of %(before)s.",
                    before=money(before["budget_minor"], currency),
                    after=money(after["budget_minor"], currency))
        )  # fmt: skip
    if "total_minor" in after:
        said.append(
            gettext("The money in the whole round: %(after)s instead of %(before)s.",
                    before=money(before["total_minor"], currency),
                    after=money(after["total_minor"], currency))
        )  # fmt: skip
    if "rule" in after:
        titles = (_rule_title(before["rule"]), _rule_title(after["rule"]))
        said.append(
            gettext("The counting rule: %(after)s instead of %(before)s.",
                    before=titles[0], after=titles[1])
        )  # fmt: skip
    elif "rule_parameters" in after:
        said.append(gettext("The settings of the counting rule."))
    for ref, title in after.get("options", {}).items():
        said.append(_wording(before["options"][ref], title))
    return said


_NUMBERS = ("min_length", "max_length", "aggregate_below")


def _number(name: str, before: int, after: int) -> str:
    values = {"before": number(before), "after": number(after)}
    if name == "min_length":
        return gettext("A ballot ranks at least %(after)s instead of %(before)s.", **values)
    if name == "max_length":
        return gettext("A ballot ranks at most %(after)s instead of %(before)s.", **values)
    return gettext(
        "Single ballots are published from %(after)s ballots on instead of %(before)s.", **values
    )


def _wording(before: str, after: str) -> str:
    return gettext("“%(before)s” is now called “%(after)s”.", before=before, after=after)


def _rule_title(name: str) -> str:
    return gettext(EVERY_RULE[name].title) if name in EVERY_RULE else name
