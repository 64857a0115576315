"""The front door of the room."""

from flask import Flask

from budgets import calendar, models, names  # noqa: F401  (its tables belong to every migration)


def register(app: Flask) -> None:
    """Plugs the room into the application. It has no pages of its own.

    Every template may call `phase_name(kind)`, `phase_purpose(kind)` and
    `calendar_rows(round.spans, at)`, which `lists.phases` shows; and `named(name, language)` and
    `name_language(name, language)` for pots, contests, places and themes.
    """
    app.jinja_env.globals.update(
        phase_name=calendar.phase_name,
        phase_purpose=calendar.phase_purpose,
        calendar_rows=calendar.rows,
        named=names.named,
        name_language=names.name_language,
    )
