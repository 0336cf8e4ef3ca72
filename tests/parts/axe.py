"""axe-core on a page that is open: injected once, however many looks the page is given."""

import json
from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""The rules that look at colours and sizes; all others say the same of a page, however it looks."""


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What is wrong with the page for somebody, each rule with its first place; by ``rules`` only, if any is named.

    Frames are left out: a frame in a sandbox runs no script, so that axe cannot look into it.
    """
    if page.evaluate("window.axe === undefined"):
        page.evaluate(Axe().axe_script)
    options = {"iframes": False, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)}).then(one => one.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]
