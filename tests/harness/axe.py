"""axe: the accessibility rules that a program can check. Finding nothing is the least we owe."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.harness.browser import LOOKS, Scheme, assert_no_sideways_scroll, wear

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERYTHING = {"type": "tag", "values": RULES}
# A scheme changes colours and nothing else.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_axe = Axe()


def assert_accessible(page: Page, rules: dict[str, Any] = EVERYTHING) -> None:
    """axe finds nothing on the page as it is shown now."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_axe.axe_script)
    violations: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(found => found.violations)",
        {"runOnly": rules, "resultTypes": ["violations"]},
    )
    assert not violations, f"{page.url}\n" + "\n".join(map(_sentence, violations))


def assert_accessible_on_phone_and_desk(page: Page) -> None:
    """Dark on a phone and light on a desk: axe finds nothing and nothing sticks out sideways.

    For what a journey comes upon. Each address of the URL map is seen in every look by the walk
    in tests/architecture/test_accessibility.py.
    """
    for width, scheme in (LOOKS[1], LOOKS[2]):
        _assert_in_look(page, width, scheme, EVERYTHING)


def assert_accessible_in_every_look(page: Page) -> None:
    """Phone and desk, light and dark: axe finds nothing and nothing sticks out sideways."""
    for width, scheme in LOOKS:
        _assert_in_look(page, width, scheme, EVERYTHING if scheme == "light" else COLOURS)


def _assert_in_look(page: Page, width: int, scheme: Scheme, rules: dict[str, Any]) -> None:
    wear(page, width, scheme)
    try:
        assert_accessible(page, rules)
        assert_no_sideways_scroll(page)
    except AssertionError as error:
        raise AssertionError(f"At {width} px, {scheme}: {error}") from None


def _sentence(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"    {' '.join(map(str, node['target']))}\n      {node['html'][:160]}\n"
        f"      {' '.join(node.get('failureSummary', '').split())[:300]}"
        for node in violation["nodes"][:5]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"
