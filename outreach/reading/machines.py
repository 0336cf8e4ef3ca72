"""The rules for what machines write, in the order in which they are asked; the first that answers is believed."""

from outreach.reading.absences import absence
from outreach.reading.automatic import automatic_answer, calendar_reply, list_notice, own_mail
from outreach.reading.delivery_reports import delivery_report
from outreach.reading.feedback_reports import feedback_report
from outreach.reading.notices import notice
from outreach.reading.old_bounces import old_bounce
from outreach.reading.receipts import receipt
from outreach.reading.rules import Rule

MACHINE_RULES: tuple[Rule, ...] = (
    own_mail,  # first: whatever our own mail looks like, it is never answered
    delivery_report,
    feedback_report,
    receipt,
    calendar_reply,
    list_notice,  # before the texts of bounces: a list says "rejected" too, of an address that is alive
    old_bounce,  # before absences and answers: bounces have the headers of automatic answers as well
    absence,  # before other automatic answers: an absence has their headers, and a day besides
    automatic_answer,
    notice,  # last: nothing but its words shows that a machine wrote
)
