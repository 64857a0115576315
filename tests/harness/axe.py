"""axe: the accessibility rules that a program can check. Finding nothing is the least we owe."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.harness.browser import LOOKS, assert_no_sideways_scroll, wear

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_axe = Axe()


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it is shown now."""
    found = _axe.run(
        page,
        options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]},
    )
    violations: list[dict[str, Any]] = found.response["violations"]
    assert not violations, f"{page.url}\n" + "\n".join(map(_sentence, violations))


def assert_accessible_in_every_look(page: Page) -> None:
    """Phone and desk, light and dark: axe finds nothing and nothing sticks out sideways."""
    for width, scheme in LOOKS:
        wear(page, width, scheme)
        try:
            assert_accessible(page)
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
