"""What bounds a project, in plain sentences: thresholds, limits on themes, groups that exclude."""

from collections.abc import Mapping

from flask_babel import gettext

from core.i18n import money, number, percent
from voting.amounts import from_hundredths
from voting.rule_parameters import Parameters


def thresholds(parameters: Parameters) -> list[str]:
    """What a project needs before it has a turn, or takes part."""
    said = []
    if "threshold" in parameters:
        points = number(parameters["threshold"])
        said.append(gettext("A project needs at least %(points)s points.", points=points))
    if "threshold_share" in parameters:
        share = _share(parameters["threshold_share"])
        said.append(
            gettext(
                "A project needs at least as many points as %(share)s of the number of ballots.",
                share=share,
            )
        )
    if "entry_share" in parameters:
        share = _share(parameters["entry_share"])
        said.append(
            gettext(
                "A project takes part if its share of the ballots is at least %(share)s of its "
                "share of the pot.",
                share=share,
            )
        )
    return said


def limit_on(limit: Parameters, currency: str) -> str:
    """How much a theme may get."""
    theme = limit.get("name") or ", ".join(limit.get("ids", []))
    if "projects" not in limit:
        return gettext(
            "“%(theme)s”: at most %(money)s.", theme=theme, money=_money(limit, currency)
        )
    projects = number(limit["projects"])
    if "money" not in limit:
        return gettext("“%(theme)s”: at most %(n)s projects.", theme=theme, n=projects)
    return gettext(
        "“%(theme)s”: at most %(n)s projects, and at most %(money)s.",
        theme=theme,
        n=projects,
        money=_money(limit, currency),
    )


def exclusive(group: list[str], titles: Mapping[str, str]) -> str:
    """Which projects exclude one another: by their titles where these are known."""
    names = ", ".join(gettext("“%(title)s”", title=titles.get(ref, ref)) for ref in group)
    return gettext("At most one of these is funded: %(ids)s.", ids=names)


def _money(limit: Parameters, currency: str) -> str:
    return money(from_hundredths(limit["money"], currency), currency)


def _share(fraction: str) -> str:
    """A percentage where one with a decimal is exact, else the fraction as it is."""
    over, under = map(int, fraction.split("/"))
    return percent(over, under) if over * 1000 % under == 0 else fraction
