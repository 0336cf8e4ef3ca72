"""The folder in which a provider keeps a copy of what was submitted, as a witness: read by IMAP, left as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from outreach.adapters.imap import ImapMailbox
from outreach.domain.proofs import Proof
from outreach.ports.mailbox import MailboxTrouble
from outreach.ports.witness import Seen, WitnessTrouble


@dataclass(frozen=True, slots=True)
class SentFolder:
    """``mailbox`` is an account whose only folder it is."""

    mailbox: ImapMailbox
    folder: str

    def asked(self, message_ids: Collection[str]) -> Sequence[Seen]:
        """What lies there was taken; what does not may have been, so nothing is said of it."""
        try:
            with self.mailbox.open() as session:
                found = {each: session.holding(self.folder, each) for each in message_ids}
        except MailboxTrouble as trouble:
            raise WitnessTrouble(*trouble.reasons) from trouble
        lies = {each: f"{self.folder}, number {uid}" for each, uid in found.items() if uid}
        return [Seen(Proof.SENT_FOLDER, lies)]
