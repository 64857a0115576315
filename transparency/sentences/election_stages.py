"""The words of a count without money: its idea, each stage, ties, and the other rules."""

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from core.i18n import number
from core.languages import sentence
from transparency.results import (
    BrokenTie,
    CandidateResult,
    ElectionResult,
    ElectionStage,
    PairwiseResult,
)
from transparency.sentences.elections import votes_held
from transparency.sentences.words import ballots, quoted


def election_idea(result: ElectionResult) -> str:
    """How the contest was counted, in two sentences, for the head of its count."""
    ideas = {
        "irv": gettext(
            "Each ballot counted for its highest choice that was still in, and whoever had the "
            "fewest was excluded. This went on until somebody had more than half of the ballots "
            "that still counted."
        ),
        "scottish-stv": gettext(
            "Whoever reached the quota was chosen, and what was beyond it went on to the next "
            "choices at a part of its value. When nothing was left to pass on, whoever had the "
            "fewest was excluded, and those ballots went on too."
        ),
        "meek-stv": gettext(
            "Whoever reached the quota was chosen and kept of each ballot only as much as was "
            "needed; the rest went on to the next choices. When nothing was left to pass on, "
            "whoever had the fewest was excluded, and all ballots were shared out anew."
        ),
        "schulze": gettext(
            "Each two were compared: on how many ballots does one stand above the other? Where "
            "the comparisons go round in a circle, the strongest chains of majorities decided."
        ),
        "ranked-pairs": gettext(
            "Each two were compared: on how many ballots does one stand above the other? The "
            "clearest majorities were kept first, and what contradicted them was left out."
        ),
    }
    return ideas.get(result.rule, "")


def listed(titles: Sequence[str], language: str) -> Markup:
    """`“a”`, `“a” and “b”`, `“a”, “b”, and “c”`."""
    shown = [str(quoted(title, language)) for title in titles]
    return Markup(format_list(shown, locale=get_locale() or "en"))  # noqa: S704  (parts are markup)


def stage_title(stage: ElectionStage, language: str) -> Markup:
    """What was done in a stage."""
    names, many = listed([each.title for each in stage.of], language), len(stage.of)
    if stage.action == "exclusion":
        said = ngettext("%(names)s is excluded", "%(names)s are excluded", many, names=names)
    elif stage.action == "surplus":
        said = gettext("What %(names)s had beyond the quota goes on", names=names)
    elif stage.action == "keep factors":
        said = ngettext(
            "%(names)s keeps less of each ballot", "%(names)s keep less of each ballot", many,
            names=names,
        )  # fmt: skip
    else:
        said = gettext("First choices")
    return Markup(said)  # noqa: S704  (its parts are markup)


def stage_remarks(stage: ElectionStage, result: ElectionResult, language: str) -> list[Markup]:
    """Who received what, who was chosen, and how ties were broken: a sentence each."""
    said = [_received(stage, result, language)]
    if stage.chosen:
        said.append(_chosen(stage.chosen, result, language))
    if stage.filled:
        said.append(_filled(stage.filled, language))
    said += [broken(tie, language) for tie in stage.ties]
    return [each for each in said if each]


def broken(tie: BrokenTie, language: str) -> Markup:
    """A tie, on whom it fell, and what broke it."""
    says = {
        "exclusion": gettext(
            "%(names)s were level as the fewest; %(chosen)s was excluded, decided %(way)s."
        ),
        "surplus": gettext(
            "%(names)s were level; what %(chosen)s had beyond the quota went first, decided "
            "%(way)s."
        ),
    }
    otherwise = gettext("%(names)s were level; %(chosen)s came first, decided %(way)s.")
    return sentence(
        says.get(tie.question, otherwise),
        names=listed(tie.candidates, language),
        chosen=quoted(tie.chosen, language),
        way=_way(tie.broken_by),
    )


def compared(
    one: CandidateResult, other: CandidateResult, pairwise: PairwiseResult, language: str
) -> Markup:
    """On how many ballots one stands above another, and below."""
    return sentence(
        gettext("above %(other)s on %(above)s, below on %(below)s"),
        other=quoted(other.title, language),
        above=ballots(pairwise.above(one, other)),
        below=number(pairwise.above(other, one)),
    )


def _received(stage: ElectionStage, result: ElectionResult, language: str) -> Markup:
    """Where the ballots of this stage went; nothing where none moved, or all were shared anew."""
    if stage.action not in ("exclusion", "surplus") or result.rule == "meek-stv":
        return Markup("")
    parts = [
        str(
            sentence(
                gettext("%(held)s to %(name)s"),
                held=votes_held(each.change, result),
                name=quoted(each.candidate.title, language),
            )
        )
        for each in stage.received
    ]
    if stage.to_nobody:
        nobody = gettext("%(held)s to nobody else", held=votes_held(stage.to_nobody, result))
        parts.append(str(Markup.escape(nobody)))
    if not parts:
        return Markup("")
    together = format_list(parts, locale=get_locale() or "en")
    return sentence(
        gettext("Passed on: %(parts)s."),
        parts=Markup(together),  # noqa: S704  (each part is markup or was escaped)
    )


def _chosen(chosen: Sequence[CandidateResult], result: ElectionResult, language: str) -> Markup:
    names = listed([each.title for each in chosen], language)
    if result.rule == "irv":
        return sentence(gettext("%(names)s has more than half and is chosen."), names=names)
    said = ngettext(
        "%(names)s has reached the quota and is chosen.",
        "%(names)s have reached the quota and are chosen.",
        len(chosen),
        names=names,
    )
    return Markup(said)  # noqa: S704  (its part is markup)


def _filled(filled: Sequence[CandidateResult], language: str) -> Markup:
    said = ngettext(
        "%(names)s is chosen, since no more are left than places.",
        "%(names)s are chosen, since no more are left than places.",
        len(filled),
        names=listed([each.title for each in filled], language),
    )
    return Markup(said)  # noqa: S704  (its part is markup)


def _way(broken_by: str) -> str:
    if broken_by.startswith("stage "):
        stage = number(int(broken_by.removeprefix("stage ")))
        return gettext("by the tallies of stage %(stage)s", stage=stage)
    return gettext("by the published lot")
