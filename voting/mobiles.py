"""Telephone numbers: one spelling for each, so that the register's and the typed one meet.

Pure: the region, for numbers without their country's code, is an argument.
"""

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    parse,
)


def plain_mobile(typed: str, region: str) -> str | None:
    """The digits with the country's code, without a plus; None for what is no number."""
    try:
        number = parse(typed[:60], region or None)
    except NumberParseException:
        return None
    if not is_possible_number(number):
        return None
    return str(format_number(number, PhoneNumberFormat.E164)).removeprefix("+")
