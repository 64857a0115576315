"""What is said where published data was altered or lost: that it is noticed, and not shown."""

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
