"""Logs in at the mail server as for a mail, and leaves again without one."""

import asyncio

from outreach.adapters.probes.certificates import ends_at, time_in
from outreach.adapters.smtp import SmtpAccount, SmtpSession, SmtpTransport
from outreach.domain.mail_health import LogIn

SECONDS = 10.0
"""How long to wait for each answer; LONGEST for all of them."""
LONGEST = 40.0


async def look_at_smtp(account: SmtpAccount) -> LogIn:
    """EHLO, TLS and AUTH as the account says, no mail. Never raises, and never takes longer than LONGEST."""
    where = f"{account.host}:{account.port}"
    try:
        async with asyncio.timeout(LONGEST):
            session = await SmtpTransport(account).open()
            if not isinstance(session, SmtpSession):
                return LogIn(where, trouble=str(getattr(session, "detail", session)))
            seen = LogIn(where, certificate_ends=ends_at(session.certificate), told=time_in(session.greeting))
            await session.close()
            return seen
    except TimeoutError:
        return LogIn(where, trouble=f"{where} did not let us in within {LONGEST:g} seconds.")
