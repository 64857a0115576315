"""How many projects a ballot may rank, in the words that every page uses."""

from flask_babel import gettext

from core.i18n import number


def how_many(least: int, most: int) -> str:
    """`exactly 3` where a ballot must have just so many, else `1 to 3`."""
    if least == most:
        return gettext("exactly %(number)s", number=number(most))
    return gettext("%(least)s to %(most)s", least=number(least), most=number(most))
