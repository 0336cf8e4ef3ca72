"""Staff ask a signatory about the entry: only one whose mailbox has answered, for anybody may type any address."""

from contextlib import nullcontext

import pytest

from outreach.domain.errors import Refusal
from outreach.domain.kinds import MessageKind
from outreach.domain.states import SignatureState
from outreach.usecases.check_signature import PROVED, ask_signatory
from tests import make
from tests.usecases.listed import Listed


@pytest.mark.parametrize("state", list(SignatureState))
def test_only_a_signatory_whose_mailbox_has_confirmed_is_asked_about_the_entry(
    sqlite_listed: Listed, state: SignatureState
) -> None:
    listed = sqlite_listed
    given = make.signature(listed.session, listed.call, listed.person("Idris"), state=state)
    with nullcontext() if state in PROVED else pytest.raises(Refusal, match="only what a mailbox has confirmed"):
        ask_signatory(listed.session, given, "Is this your name?", now=make.NOON, house=listed.house, by="Rosa")
    assert len(listed.mails(MessageKind.SIGNATURE_QUESTION)) == (state in PROVED)
