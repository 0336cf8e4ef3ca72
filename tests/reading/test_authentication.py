"""Only our own mail server is believed, only on top, and only what a stranger cannot have written into it."""

import pytest

from outreach.reading.authentication import is_authenticated
from outreach.reading.mail import read_mail

OURS = "mx.lanterncoast.coop"
PASSED = f"{OURS}; dmarc=pass (p=reject) header.from=harbourlight.coop"


def believed(*results: str, sender: str = "Idris <idris@harbourlight.coop>", server: str = OURS) -> bool:
    """Whether a mail with these headers, the topmost first, is found authentic."""
    head = "".join(f"Authentication-Results: {one}\n" for one in results)
    raw = f"{head}From: {sender}\nTo: calls@lanterncoast.coop\n\nHello.\n"
    return is_authenticated(read_mail(raw.encode()), server)


@pytest.mark.parametrize(
    "results",
    [
        PASSED,
        f"{OURS} 1; dmarc=pass header.from=harbourlight.coop",
        f"{OURS};\n spf=pass smtp.mailfrom=bounce@elsewhere.coop;\n\tdmarc=pass header.from=harbourlight.coop",
        f"{OURS.upper()}; DMARC=PASS Header.From=HarbourLight.coop",
        f"{OURS}; dkim=pass header.d=x.coop; dmarc=pass (p=none dis=none) header.from=harbourlight.coop;",
        f"{OURS}; dmarc=pass action=none header.from=harbourlight.coop",
        f"{OURS}; dmarc=pass header.from=<idris@harbourlight.coop>",
        f"(a comment) {OURS} (another); dmarc=pass header.from=harbourlight.coop",
    ],
)
def test_what_our_server_found_is_believed_however_it_writes_it(results: str) -> None:
    assert believed(results)


@pytest.mark.parametrize(
    "results",
    [
        "",
        OURS,
        f"{OURS}; none",
        f"{OURS}; spf=pass smtp.mailfrom=harbourlight.coop",
        f"{OURS}; dkim=pass header.d=harbourlight.coop",
        f"{OURS}; dmarc=fail header.from=harbourlight.coop",
        f"{OURS}; dmarc=none header.from=harbourlight.coop",
        f"{OURS}; dmarc=passed header.from=harbourlight.coop",
        f"{OURS}; x-dmarc=pass header.from=harbourlight.coop",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=pass smtp.from=harbourlight.coop",
        "dmarc=pass header.from=harbourlight.coop",
        f"dmarc=pass header.from=harbourlight.coop; {OURS}",
        "; dmarc=pass header.from=harbourlight.coop",
    ],
)
def test_less_than_a_pass_is_none(results: str) -> None:
    assert not believed(results)


@pytest.mark.parametrize(
    "server",
    [
        "mx.elsewhere.coop",
        f"{OURS}.elsewhere.coop",
        f"not-{OURS}",
        f'"{OURS}"',
        f"({OURS})",
        f"({OURS}) mx.elsewhere.coop",
        f"mx.elsewhere.coop {OURS}",
    ],
)
def test_another_servers_word_is_not_believed(server: str) -> None:
    assert not believed(f"{server}; dmarc=pass header.from=harbourlight.coop")


def test_only_the_topmost_is_read_and_what_a_stranger_brought_lies_below() -> None:
    assert not believed(f"{OURS}; dmarc=fail header.from=harbourlight.coop", PASSED)
    assert not believed("mx.elsewhere.coop; dmarc=fail", PASSED)
    assert believed(PASSED, f"{OURS}; dmarc=fail header.from=harbourlight.coop")


@pytest.mark.parametrize(
    "sender",
    [
        "idris@elsewhere.coop",
        "idris@mail.harbourlight.coop",
        "idris@harbourlight.coop.elsewhere.coop",
        "harbourlight.coop",
        "",
        '"idris@harbourlight.coop" <otto@elsewhere.coop>',
        "otto@elsewhere.coop, idris@harbourlight.coop",
    ],
)
def test_it_is_about_the_domain_in_from_and_no_other(sender: str) -> None:
    assert not believed(PASSED, sender=sender)


def test_a_second_from_does_not_borrow_the_first_ones_proof() -> None:
    raw = f"Authentication-Results: {PASSED}\nFrom: otto@elsewhere.coop\nFrom: idris@harbourlight.coop\n\nHello.\n"
    assert not is_authenticated(read_mail(raw.encode()), OURS)


FORGED = "dmarc=pass header.from=harbourlight.coop"
"""What a stranger would like our server to have said: it may stand where a server quotes the stranger."""


@pytest.mark.parametrize(
    "hidden",
    [
        f'"{FORGED}"',
        f'"x; {FORGED}"',
        f'"x\\"; {FORGED}; \\"y"',
        f'"x\\\\\\"; {FORGED};"',
        f"({FORGED})",
        f"(x; {FORGED};)",
        f"(x (y); {FORGED}; z)",
        f"(x (y (z)); {FORGED}; (a) b)",
        f"(x \\); {FORGED}; y)",
        f'(x "); {FORGED}; "y)',
        f'"(x"; "; {FORGED}; (y)"',
        f"(x; {FORGED}",
        f'"x; {FORGED}',
        f"(x (y); {FORGED}",
        f"(x; {FORGED}; \\",
    ],
)
def test_what_stands_in_quotation_marks_or_in_a_comment_says_nothing(hidden: str) -> None:
    assert not believed(f"{OURS}; dmarc=fail reason={hidden} header.from=elsewhere.coop")
    assert not believed(f"{OURS}; spf=fail smtp.mailfrom={hidden}@elsewhere.coop; dmarc=fail")


def test_an_encoded_word_says_nothing_either() -> None:
    word = "=?utf-8?q?;_dmarc=3Dpass_header.from=3Dharbourlight.coop?="
    assert not believed(f"{OURS}; spf=fail smtp.mailfrom={word}@elsewhere.coop")


def test_the_server_in_an_encoded_word_is_not_ours() -> None:
    assert not believed(f"=?utf-8?q?{OURS}?=; dmarc=pass header.from=harbourlight.coop")


def test_a_comment_after_what_counts_takes_nothing_away() -> None:
    assert believed(f"{OURS}; dmarc=pass (p=reject (sp=none); dis=none) header.from=harbourlight.coop; spf=fail")


def test_where_our_servers_name_is_not_known_nobody_is_believed() -> None:
    for results in (PASSED, "; dmarc=pass header.from=harbourlight.coop", ""):
        assert not believed(results, server="")


def test_a_header_of_any_length_and_depth_is_read_at_once() -> None:
    for deep in ("(" * 100_000, "()" * 50_000, '"' * 99_999, "\\" * 100_000, ";" * 100_000, '"\\' * 50_000):
        assert not believed(f"{OURS}; {deep}; dmarc=fail")
