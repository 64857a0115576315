"""A question without money, as an officer types it: answers, how many are chosen, who is asked."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from core.forms import Form, LineField, LongTextField
from core.text import clean_line
from districts.models import District
from voting.forms.openings import openings_field, threshold_field
from voting.forms.whole_number import whole_number
from voting.models import Contest
from voting.openings import FEWEST_PUBLISHED
from voting.questions import Answer, Question

BAR = "|"
CITY = ""
MOST_ANSWERS = 100
MOST_RANKS = 10
LONGEST_ANSWER = 120
LONGEST_TEXT = 280


class QuestionForm(Form):
    """All of a question but its counting rule, which is chosen on a page of its own."""

    title = LineField(
        lazy_gettext("The question on the ballot paper"),
        longest=120,
        description=lazy_gettext("Such as “A name for the new library” or “The citizens’ jury”."),
    )
    answers = LongTextField(
        lazy_gettext("Answers or candidates, one a line"),
        longest=45_000,
        description=lazy_gettext(
            "From 2 to %(most)d. A short text can stand behind a bar: “Elm | It grew by the old"
            " mill.” In which order they stand on the paper is drawn by lot.",
            most=MOST_ANSWERS,
        ),
    )
    seats = whole_number(
        lazy_gettext("How many of them are chosen"),
        MOST_ANSWERS - 1,
        lazy_gettext("One for a name or a plan; as many as there are seats on a jury."),
        needed=True,
        default=1,
    )
    max_length = whole_number(
        lazy_gettext("A ballot ranks at most"),
        MOST_RANKS,
        lazy_gettext(
            "Leave it empty for all of them, or %(most)d where there are more. A ballot may always"
            " rank fewer.",
            most=MOST_RANKS,
        ),
    )
    district = SelectField(lazy_gettext("Who is asked"), default=CITY)
    aggregate_below = threshold_field(
        lazy_gettext(
            "With fewer ballots only the outcome is published, so that nobody is recognised; named"
            " auditors see the ballots."
        ),
        default=FEWEST_PUBLISHED,
    )
    openings = openings_field()

    def __init__(self, districts: Sequence[District], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ids = {district.ref: district.id for district in districts}
        everybody = SelectChoice(CITY, gettext("The whole city"))
        self.district.choices = [
            everybody, *(SelectChoice(each.ref, each.name) for each in districts)
        ]  # fmt: skip

    def show(self, contest: Contest) -> None:
        """Fills the form with a question as it is."""
        self.title.data, self.seats.data = contest.title, contest.seats
        self.answers.data = "\n".join(
            f"{option.title} {BAR} {option.summary}" if option.summary else option.title
            for option in contest.options
        )
        self.max_length.data = contest.max_length
        self.aggregate_below.data = contest.aggregate_below
        self.openings.data = contest.openings
        by_id = {district_id: ref for ref, district_id in self.ids.items()}
        self.district.data = by_id.get(contest.district_id or 0, CITY)

    @property
    def list_of_answers(self) -> list[Answer]:
        """The answers in the order typed; empty lines are none."""
        return [_answer(line) for line in (self.answers.data or "").splitlines() if line.strip()]

    @property
    def question(self) -> Question:
        """What was typed, once validated."""
        answers = self.list_of_answers
        return Question(
            title=self.title.data or "",
            answers=answers,
            seats=self.seats.data or 1,
            max_length=self.max_length.data or min(len(answers), MOST_RANKS),
            district_id=self.ids.get(self.district.data or CITY),
            aggregate_below=self.aggregate_below.data or 0,
            openings=self.openings.data,
        )

    def validate_answers(self, _field: LongTextField) -> None:
        answers = self.list_of_answers
        if not 2 <= len(answers) <= MOST_ANSWERS:
            raise ValidationError(
                gettext(
                    "Write 2 to %(most)d answers, one a line; these are %(found)d.",
                    most=MOST_ANSWERS,
                    found=len(answers),
                )
            )
        for answer in answers:
            _check_answer(answer)
        names = [answer.title.casefold() for answer in answers]
        twice = next((at for at, name in enumerate(names) if name in names[:at]), None)
        if twice is not None:
            raise ValidationError(
                gettext("“%(answer)s” stands there twice.", answer=answers[twice].title)
            )

    def validate_seats(self, field: IntegerField) -> None:
        found = len(self.list_of_answers)
        if field.data is not None and 2 <= found <= field.data:
            raise ValidationError(
                ngettext(
                    "There must be more answers than are chosen, and there is only %(num)s.",
                    "There must be more answers than are chosen, and there are only %(num)s.",
                    found,
                )
            )

    def validate_max_length(self, field: IntegerField) -> None:
        found = len(self.list_of_answers)
        if field.data is not None and 2 <= found < field.data:
            raise ValidationError(
                ngettext(
                    "There is only %(num)s answer to rank.",
                    "There are only %(num)s answers to rank.",
                    found,
                )
            )


def _answer(line: str) -> Answer:
    title, _, text = line.partition(BAR)
    return Answer(clean_line(title), clean_line(text))


def _check_answer(answer: Answer) -> None:
    if not answer.title:
        raise ValidationError(
            gettext("A line has a text but no answer in front of it: “%(text)s”.",
                    text=answer.text[:60])
        )  # fmt: skip
    for text, most in ((answer.title, LONGEST_ANSWER), (answer.text, LONGEST_TEXT)):
        if len(text) > most:
            raise ValidationError(
                gettext(
                    "“%(text)s…” is too long: an answer may have %(title)d characters, and the"
                    " text behind it %(behind)d.",
                    text=text[:40],
                    title=LONGEST_ANSWER,
                    behind=LONGEST_TEXT,
                )
            )
