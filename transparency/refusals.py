"""What is said where a publication was stopped, and where published data was altered or lost."""

from typing import NoReturn

from flask_babel import gettext

from core.refusals import Refusal, refuse


def damaged() -> NoReturn:
    """Answers 503: nothing is shown that is not what was published."""
    refuse(
        Refusal(
            "damaged",
            503,
            gettext(
                "What is stored here is not what was published, so it is not shown. The damage "
                "has been recorded."
            ),
            gettext("The town hall will restore it. Copies that you have keep their SHA-256."),
        )
    )


def why_stopped(code: str, contest: str, detail: str) -> Refusal:
    """What stopped a publication, and what to do. `contest` is the contest's title, or the round's
    name; `detail` is what the log says too."""
    return (
        _against_what_was_certified(code, contest, detail)
        or _interrupted(code, contest, detail)
        or Refusal(
            code,
            409,
            gettext(
                "Nothing was published. When the results were ready, they could not be published "
                "any more."
            ),
            detail,
        )
    )


def _against_what_was_certified(code: str, contest: str, detail: str) -> Refusal | None:
    sentences = {
        "altered": gettext(
            "Nothing was published. In the contest “%(contest)s” the sealed ballots, the options "
            "or the count are not those that were certified.",
            contest=contest,
        ),
        "roll": gettext(
            "Nothing was published. In the contest “%(contest)s” the number of ballots is not the "
            "number of marks on the roll.",
            contest=contest,
        ),
        "counts_differ": gettext(
            "Nothing was published. In the contest “%(contest)s” the second count gives another "
            "result than the certified one.",
            contest=contest,
        ),
        "not_recounted": gettext(
            "Nothing was published. The contest “%(contest)s” could not be counted a second time.",
            contest=contest,
        ),
    }
    if code not in sentences:
        return None
    next_step = gettext(
        "Keep everything as it is and call in those who run this server: %(detail)s.",
        detail=detail.removesuffix("."),
    )
    return Refusal(code, 409, sentences[code], next_step)


def _interrupted(code: str, contest: str, detail: str) -> Refusal | None:
    sentences = {
        "changed": gettext(
            "Nothing was published. “%(contest)s” was changed while the results were prepared.",
            contest=contest,
        ),
        "interrupted": gettext(
            "Nothing was published. The work was interrupted several times before it was done."
        ),
        "error": gettext(
            "Nothing was published. The program met an error of its own: %(detail)s.", detail=detail
        ),
    }
    if code not in sentences:
        return None
    next_step = gettext("The log of this server says more. Call in those who run it.")
    if code == "changed":
        next_step = gettext("Look at what was changed, then publish again.")
    return Refusal(code, 409, sentences[code], next_step)
