"""Following a link from a mail: whose it is, and what to say when it leads nowhere."""

from dataclasses import dataclass

from flask import Response, current_app

from accounts import links, queries
from accounts.forms import AddressForm
from accounts.models import User
from core import responses

STATUS = {"broken": 400, "expired": 410, "used": 410}


@dataclass(frozen=True)
class Followed:
    """The owner of a link, where it names one; `problem` is broken, expired, used or None."""

    owner: User | None
    problem: str | None


def follow(token: str, purpose: str) -> Followed:
    """Reads a link as the account stands now."""
    link = links.read_token(current_app.config["SECRET_KEY"], purpose, token)
    owner = queries.account_by_ref(link.account_ref) if link else None
    if link is None or owner is None:
        return Followed(None, "broken")
    if purpose == links.CONFIRM and owner.confirmed_at is not None:
        return Followed(owner, "used")
    if link.mark != links.mark_of(owner.fs_uniquifier, owner.email):
        return Followed(owner, "used")
    return Followed(owner, "expired" if link.expired else None)


def failed_page(followed: Followed, purpose: str) -> Response:
    """Says what is wrong with the link; one click sends a new one."""
    owner = followed.owner
    form = AddressForm(formdata=None, data={"email": owner.email if owner else ""})
    page = responses.page(
        "accounts/registration/link_failed.html",
        status=STATUS[followed.problem or "broken"],
        form=form,
        owner=owner,
        problem=followed.problem,
        purpose=purpose,
    )
    return responses.private(page)
