"""Who may change the list of districts."""

from flask_babel import gettext

from core.actors import Actor, acts_as
from core.refusals import Refusal


def why_not_change_districts(actor: Actor | None) -> Refusal | None:
    if acts_as(actor, "officer", "administrator"):
        return None
    return Refusal(
        "not_an_officer",
        403,
        gettext("Only election officers and administrators change the list of districts."),
    )


def name_taken() -> Refusal:
    return Refusal(
        "name_taken",
        409,
        gettext("There is a district with this name already."),
        gettext("Choose another name, or change the district that has it."),
    )
