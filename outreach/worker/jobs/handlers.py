"""Which work belongs to which verb."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from outreach.domain.tasks import TaskVerb
from outreach.worker.jobs.calls import cancel, close, erratum, extend
from outreach.worker.jobs.changes import amend, edit_mail
from outreach.worker.jobs.imports import import_contacts, import_facts, import_officials, import_signatures
from outreach.worker.jobs.job import Handler
from outreach.worker.jobs.launching import launch
from outreach.worker.jobs.letters import deliver_letter, print_letters
from outreach.worker.jobs.lists import release, render_letter, sign_off
from outreach.worker.jobs.proof import pack_proof

HANDLERS: Final[Mapping[TaskVerb, Handler]] = MappingProxyType(
    {
        TaskVerb.IMPORT_CONTACTS: import_contacts,
        TaskVerb.IMPORT_OFFICIALS: import_officials,
        TaskVerb.IMPORT_FACTS: import_facts,
        TaskVerb.IMPORT_SIGNATURES: import_signatures,
        TaskVerb.LAUNCH: launch,
        TaskVerb.EXTEND: extend,
        TaskVerb.ERRATUM: erratum,
        TaskVerb.AMEND: amend,
        TaskVerb.EDIT_MAIL: edit_mail,
        TaskVerb.CLOSE: close,
        TaskVerb.CANCEL: cancel,
        TaskVerb.SIGN_OFF: sign_off,
        TaskVerb.RELEASE: release,
        TaskVerb.RENDER_LETTER: render_letter,
        TaskVerb.PRINT_LETTERS: print_letters,
        TaskVerb.DELIVER_LETTER: deliver_letter,
        TaskVerb.PACK_PROOF: pack_proof,
    }
)
