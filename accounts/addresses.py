"""E-mail addresses: one spelling for each, so that one address is one account."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


class WrongAddress(ValueError):
    """What was typed is not an e-mail address."""


def normalise_address(typed: str) -> str:
    """The address in lower case, with its domain in one spelling. Raises WrongAddress.

    No name server is asked: a mail that arrives is the only proof.
    """
    try:
        found = validate_email(typed.strip()[: LONGEST + 1], check_deliverability=False)
    except EmailNotValidError as error:
        raise WrongAddress from error
    plain: str = found.normalized.casefold()
    if len(plain) > LONGEST:
        raise WrongAddress
    return plain
