"""The rules for what machines write, in the order in which they are asked; the first that answers is believed."""

from outreach.reading.delivery_reports import delivery_report
from outreach.reading.old_bounces import old_bounce
from outreach.reading.rules import Rule

MACHINE_RULES: tuple[Rule, ...] = (delivery_report, old_bounce)
