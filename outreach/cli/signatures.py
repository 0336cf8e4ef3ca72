"""``outreach signatures``, the commands that change something: what staff decide before the list is signed off."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from outreach.cli.door import Answer, Desk, changes
from outreach.cli.options import CallName, Yes
from outreach.cli.taking_in_signatures import VISIBILITIES, Evidence, app
from outreach.cli.text import people, sentences, table
from outreach.domain.entries import Faults, read_entry
from outreach.domain.errors import InvalidInput, Refusal
from outreach.domain.floods import Asking
from outreach.domain.signatures import Visibility
from outreach.domain.states import SignatureState
from outreach.queries import calls
from outreach.store.calls import find_call
from outreach.store.entries import entry_of
from outreach.usecases.accept_signature import accept_signature, reject_signature, restore_signature
from outreach.usecases.change_signature import (
    correct_signature,
    reinstate_signature,
    withdraw_signature,
)
from outreach.usecases.check_signature import ask_signatory, check_signature
from outreach.usecases.invalidate_signatures import invalidate_signatures, matching
from outreach.usecases.merge_signatures import distinguish_signatures, merge_signatures, unmerge_signature

__all__ = ["app"]

ASKED = {
    Asking.NOW: "Its mailbox is asked whether more people may see the name.",
    Asking.HELD: "Its mailbox is asked whether more people may see the name, when you let that mail go (outbox).",
    Asking.LATER: "Its mailbox has had its mail for today; tomorrow it is asked whether more people may see it.",
    Asking.NEVER: "No mailbox can be asked whether more people may see the name, so it stays as it was.",
}
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The signature's number, as the list shows it.")]
Other = Annotated[int, typer.Argument(metavar="OTHER", help="The number of the other signature.")]
Shown = Annotated[
    Visibility | None, typer.Option("--visibility", metavar="WHO", help=f"Who sees the name: {VISIBILITIES}.")
]
Why = Annotated[str, typer.Option("--reason", metavar="WORDS", help="Why; only staff see it.")]
Note = Annotated[str, typer.Option(metavar="TEXT", help="What the signatory is told about it (Markdown).")]


@changes(app, "accept")
def accept(desk: Desk, number: Number, evidence: Evidence = "", visibility: Shown = None) -> Answer:
    """Accept one that is proposed, late, or waits.

    A proposed one counts at once where the mail proves that it came from that mailbox; otherwise the mailbox is
    asked. One that waits for its mailbox needs --evidence. A mail that says nothing of it means a public name.
    """
    signature = calls.find_signature(desk.session, number)
    state = accept_signature(
        desk.session,
        signature,
        now=desk.now,
        house=desk.house,
        by=desk.by,
        evidence=evidence,
        visibility=visibility,
    )
    asked = "The mailbox is asked to confirm it." if state is SignatureState.PENDING else "A receipt is queued."
    return _said(signature, state, asked)


@changes(app, "reject")
def reject(desk: Desk, number: Number, reason: Why = "") -> Answer:
    """Reject a signature: it does not count.

    Nobody is told. One that stands in an edition is not in the next, which is made at once.
    """
    signature = calls.find_signature(desk.session, number)
    reject_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by, reason=reason)
    return _said(signature, signature.state, f"To undo it:  outreach signatures restore {number}")


@changes(app, "restore")
def restore(desk: Desk, number: Number) -> Answer:
    """Undo a rejection."""
    signature = calls.find_signature(desk.session, number)
    return _said(signature, restore_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by))


@changes(app, "invalidate")
def invalidate(
    desk: Desk,
    call: CallName,
    reason: Why,
    name: Annotated[str, typer.Option(metavar="PATTERN", help="Names like this: * is anything, ? a letter.")] = "",
    domain: Annotated[str, typer.Option(metavar="DOMAIN", help="Signed from mailboxes at this domain.")] = "",
    yes: Yes = False,
) -> Answer:
    """Reject many at once, after showing how many."""
    found = find_call(desk.session, call)
    meant = matching(desk.session, found, name=name, domain=domain)
    lines = table(
        ("NO.", "STATE", "NAME"), [(one.id, one.state.value, one.name) for one in meant], empty="No signature."
    )
    if not yes:
        data = {"found": len(meant), "rejected": 0}
        return Answer(data, f"{lines}\n\nNothing has been done. To reject {people(len(meant))}: add --yes.")
    done = invalidate_signatures(
        desk.session, found, name=name, domain=domain, reason=reason, now=desk.now, house=desk.house, by=desk.by
    )
    return Answer({"found": len(meant), "rejected": done}, f"{lines}\n\nRejected: {people(done)}.")


@changes(app, "merge")
def merge(
    desk: Desk,
    number: Number,
    into: Annotated[int, typer.Argument(metavar="INTO", help="The signature that is printed.")],
) -> Answer:
    """Count a signature as the same as another, which is printed."""
    signature, kept = calls.find_signature(desk.session, number), calls.find_signature(desk.session, into)
    merge_signatures(desk.session, signature, kept, now=desk.now, house=desk.house, by=desk.by)
    return _said(signature, signature.state, f"To undo it:  outreach signatures unmerge {number}")


@changes(app, "unmerge")
def unmerge(desk: Desk, number: Number) -> Answer:
    """Undo a merge: both count again."""
    signature = calls.find_signature(desk.session, number)
    unmerge_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by)
    return _said(signature, signature.state)


@changes(app, "distinct")
def distinct(desk: Desk, number: Number, other: Other) -> Answer:
    """Say that two that look alike are two.

    The desk shows them no more as a pair.
    """
    one, two = calls.find_signature(desk.session, number), calls.find_signature(desk.session, other)
    distinguish_signatures(desk.session, one, two, now=desk.now, by=desk.by)
    text = f"Signatures {number} and {other} are two. The desk shows them no more as a pair."
    return Answer({"distinct": [number, other]}, text)


@changes(app, "check")
def check(desk: Desk, number: Number) -> Answer:
    """Say that a doubtful one may be printed as it is."""
    signature = calls.find_signature(desk.session, number)
    check_signature(desk.session, signature, now=desk.now, by=desk.by)
    return _said(signature, signature.state, "The desk shows its doubts no more.")


@changes(app, "correct")
def correct(
    desk: Desk,
    number: Number,
    name: Annotated[str, typer.Option(metavar="NAME", help="As it shall be printed.")] = "",
    acronym: Annotated[str | None, typer.Option(metavar="LETTERS", help="An organisation's.")] = None,
    country: Annotated[str | None, typer.Option(metavar="COUNTRY", help="Its name or its ISO 3166 code.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="The signer's role or title.")] = None,
    affiliation: Annotated[str | None, typer.Option(metavar="NAME", help="Where an individual works.")] = None,
    visibility: Shown = None,
    note: Note = "",
) -> Answer:
    """Change what is printed; the signatory is told.

    A name is seen by more people only when its signatory has confirmed that.
    """
    signature = calls.find_signature(desk.session, number)
    before = entry_of(signature)
    given: dict[str, str] = {
        field: getattr(before, field)
        for field in ("acronym", "country", "website", "signer_name", "signer_title", "affiliation")
    }
    changes_ = {"acronym": acronym, "country": country, "signer_title": title, "affiliation": affiliation}
    given |= {field: value for field, value in changes_.items() if value is not None}
    given |= {"name": name or before.name, "visibility": (visibility or before.visibility).value}
    entry = read_entry(before.kind, given)
    if isinstance(entry, Faults):
        raise InvalidInput(*map(str, entry.faults))
    if entry == replace(before):
        raise Refusal("Nothing is changed by that.")
    done = correct_signature(desk.session, signature, entry, now=desk.now, house=desk.house, by=desk.by, note=note)
    more = [ASKED[done.asked]] if done.asks and done.asked else []
    more += [f"Edition {done.edition} was made because of it."] if done.edition else []
    return _said(signature, signature.state, " ".join(more))


@changes(app, "ask")
def ask(
    desk: Desk,
    number: Number,
    question: Annotated[str, typer.Argument(metavar="TEXT", help="What you want to know (Markdown).")],
) -> Answer:
    """Ask the signatory something about the entry.

    The mail has the link at which it can be mended.
    """
    signature = calls.find_signature(desk.session, number)
    ask_signatory(desk.session, signature, question, now=desk.now, house=desk.house, by=desk.by)
    return _said(signature, signature.state, "The question is queued.")


@changes(app, "withdraw")
def withdraw(desk: Desk, number: Number, note: Note = "") -> Answer:
    """Take a signature back, as its signatory asked.

    The signatory is told. One that stands in an edition is not in the next, which is made at once.
    """
    signature = calls.find_signature(desk.session, number)
    done = withdraw_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by, note=note)
    more = [f"Edition {done.edition} was made because of it."] if done.edition else []
    more += [f"Copies that name it had gone out: {done.copies} (letters editions)."] if done.copies else []
    return _said(signature, signature.state, " ".join(more))


@changes(app, "reinstate")
def reinstate(desk: Desk, number: Number) -> Answer:
    """Undo a withdrawal."""
    signature = calls.find_signature(desk.session, number)
    reinstate_signature(desk.session, signature, now=desk.now, house=desk.house, by=desk.by)
    return _said(signature, signature.state)


def _said(signature: Any, state: SignatureState, more: str = "") -> Answer:
    text = f"Signature {signature.id} ({signature.name}) is {state.value} now."
    return Answer({"signature": signature.id, "state": state.value}, f"{text}\n{sentences(more)}" if more else text)
