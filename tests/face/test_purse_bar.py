"""The purse bar tells the truth about money, in widths, in words and in its table."""

import re

from flask import Flask, render_template_string

MILLION = 1_000_000_00


def bar(app: Flask, total: int, **parts: int) -> str:
    source = (
        '{% import "core/money.html" as purse %}'
        '{{ purse.purse_bar(parts, total, "PLN", "The <pot>") }}'
    )
    drawn = [
        {"kind": kind, "label": kind.title(), "amount": amount} for kind, amount in parts.items()
    ]
    with app.test_request_context("/"):
        return render_template_string(source, parts=drawn, total=total)


def widths(html: str) -> dict[str, float]:
    drawing = html.split("</svg>", maxsplit=1)[0]
    found = re.findall(r'class="part part-(\w+)[^>]* width="([\d.]+)%"', drawing)
    return {kind: float(width) for kind, width in found}


def test_parts_stand_in_one_order_whatever_order_they_come_in(app: Flask) -> None:
    html = bar(app, 10 * MILLION, asked=2 * MILLION, chosen=3 * MILLION, spent=1 * MILLION)

    assert list(widths(html)) == ["spent", "chosen", "asked", "left"]


def test_widths_are_shares_of_the_pot(app: Flask) -> None:
    html = bar(app, 10 * MILLION, spent=1 * MILLION, chosen=3 * MILLION)

    assert widths(html) == {"spent": 10, "chosen": 30, "left": 60}


def test_parts_worth_more_than_the_pot_show_where_it_ends(app: Flask) -> None:
    html = bar(app, 2 * MILLION, chosen=5 * MILLION)

    assert "left" not in widths(html)
    assert 'class="pot-edge" x1="40.000%"' in html
    assert "PLN 3,000,000" in html


def test_a_spent_pot_has_nothing_left(app: Flask) -> None:
    assert widths(bar(app, MILLION, spent=MILLION)) == {"spent": 100}


def test_an_empty_pot_is_drawn_without_dividing_by_it(app: Flask) -> None:
    assert widths(bar(app, 0)) == {}


def test_every_amount_stands_in_words_and_in_the_table(app: Flask) -> None:
    html = bar(app, 10 * MILLION, chosen=3 * MILLION)
    key, table = html.split("<details>")

    for part in (key, table):
        assert "PLN 3,000,000" in part
        assert "PLN 7,000,000" in part
        assert "PLN 10,000,000" in part
    assert "30.0" in table


def test_names_are_text_and_never_markup(app: Flask) -> None:
    html = bar(app, MILLION, chosen=1)

    assert "The &lt;pot&gt;" in html
    assert "<pot>" not in html
