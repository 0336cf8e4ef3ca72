"""Web addresses and domains: whose they are, as far as a name can tell."""

import pytest

from outreach.domain.desk.sites import alike_domains, host_of, own_site, registered


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.harbour.example/en?x=1", "harbour.example"),
        ("harbour.example", "harbour.example"),
        ("HTTPS://Häfen.example:8443", "xn--hfen-loa.example"),
        ("http://[::1", ""),
        ("https://a..example", ""),
        ("", ""),
    ],
)
def test_the_host_is_read_from_what_people_write(website: str, host: str) -> None:
    assert host_of(website) == host


def test_the_registered_part_counts_a_country_s_second_level_in() -> None:
    assert registered("mail.harbour.example") == "harbour.example"
    assert registered("mail.harbour.org.uk") == "harbour.org.uk"


def test_a_page_on_a_platform_is_nobody_s_own_site() -> None:
    assert own_site("lakes.wordpress.com") == own_site("facebook.com") == ""
    assert own_site("mail.lakes.example") == "lakes.example"


def test_another_ending_may_be_the_same_owner_s() -> None:
    assert alike_domains("harbour.org", "mail.harbour.example")
    assert not alike_domains("harbour.example", "lantern.example")
