"""Whether somebody writes for a State, a parliament or an international institution."""

import re
from typing import Final

from outreach.reading.mail import ReceivedMail
from outreach.reading.passages import Passages
from outreach.reading.phrases import VOCABULARIES
from outreach.reading.sentences import one_line, pattern

_OFFICIAL_DOMAIN: Final = re.compile(
    r"(?:^|[.-])(?:gov|gouv|gob|gub|gv|govt|government|governo|gobierno|regierung|minist\w{0,12}|"
    r"\w{0,20}ministerium|missions?|"
    r"permanent-?mission|embassy|embajada|embaixada|ambassade|botschaft|posolstvo|parl\w{0,10}|"
    r"\w{0,8}parlament\w{0,4}|bundestag|senat\w{0,3}|"
    r"senado|assembl\w{0,8}|europarl|europa|unog|un|ohchr|unhcr|mfa|mofa|mre|mae|sre|eda|cancilleria|"
    r"presiden\w{0,8}|diplo\w{0,8}|"
    r"duma|congres\w{0,4}|camara|state-department|foreign-?office|auswaertiges-amt|council-eu|commission|ec|"
    r"eu)(?:[.-]|$)"
)


def is_official(mail: ReceivedMail, parts: Passages) -> bool:
    """Whether the sender's domain, name or signature is that of a State, a parliament or an institution."""
    domain = mail.sender.address.rpartition("@")[2]
    if _OFFICIAL_DOMAIN.search(domain):
        return True
    below = parts.signature or tuple(line for line in parts.said.split("\n") if line.strip())[-5:]
    block = one_line(" \n ".join([mail.sender.name, *below])[:2000])
    return any(pattern(known.offices, whole_words=known.whole_words).search(block) for known in VOCABULARIES)
