"""Lets the demo's people read their mail and act on it, through the same pages as anybody."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from outreach.demo.answers import answer
from outreach.demo.browsing import one_click, press
from outreach.demo.cast import Part, Person
from outreach.demo.world import Arrival, World

_ORGANISATION = re.compile(r"https?://\S+/sign/[\w-]+")
_SIGNATURE = re.compile(r"https?://\S+/signature/[\w-]+")
_CONFIRM = re.compile(r"https?://\S+/confirm/[\w-]+")
_UNSUBSCRIBE = re.compile(rb"^List-Unsubscribe: <(\S+)>", re.MULTILINE)
AT_ONCE = timedelta(minutes=1)
_SIGN_AT_ONCE = (
    Part.SIGNS,
    Part.GREYLISTED,
    Part.FORGETS_TO_CONFIRM,
    Part.WITHDRAWS,
    Part.SIGNS_UNNAMED,
    Part.SIGNS_FOR_ADDRESSEE,
)
_SHOWN = {Part.SIGNS_UNNAMED: "sign as counted", Part.SIGNS_FOR_ADDRESSEE: "sign for the addressee"}
_VISIBILITY = {"sign": "public", "sign as counted": "counted", "sign for the addressee": "addressee"}
_WAY_OUT = {Part.OPTS_OUT: "one-click", Part.OPTS_OUT_OF_CALL: "opt out of this call"}


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that a person is going to do at a moment of the story."""

    at: datetime
    address: str
    verb: str
    url: str
    arrival: Arrival | None = field(default=None, compare=False)


@dataclass
class People:
    """Reads what arrived, plans what each person does with it, and does it when its time comes."""

    world: World
    plans: list[Act] = field(default_factory=list)
    done: list[Act] = field(default_factory=list)
    _seen: int = 0

    def read_mail(self) -> None:
        """Plan what follows from the mails that arrived since."""
        arrived = self.world.since(self._seen)
        self._seen += len(arrived)
        for arrival in arrived:
            person = self.world.people.get(arrival.address)
            if person is not None:
                self.plans += _plans(person, arrival)
        self.plans.sort()

    def next_at(self) -> datetime | None:
        """When somebody acts next; None when nobody will."""
        return self.plans[0].at if self.plans else None

    def act(self, now: datetime) -> int:
        """Do everything whose time has come; how many acts."""
        due = [plan for plan in self.plans if plan.at <= now]
        self.plans = self.plans[len(due) :]
        for plan in due:
            if plan.arrival is not None:
                self._answer(plan, plan.arrival, now)
            else:
                _do(plan)
            self.done.append(plan)
        return len(due)

    def _answer(self, act: Act, arrival: Arrival, now: datetime) -> None:
        """Write back by mail."""
        self.world.deliver(*answer(self.world.people[act.address].part, arrival, now))


def _plans(person: Person, arrival: Arrival) -> list[Act]:
    at, text = arrival.at + person.thinks, arrival.text()
    links, confirm, own = _ORGANISATION.findall(text), _CONFIRM.search(text), _SIGNATURE.search(text)
    match arrival.kind:
        case _ if confirm is not None:
            forgets = person.part is Part.FORGETS_TO_CONFIRM
            return [] if forgets else [Act(at, person.address, "confirm", confirm.group())]
        case "invitation":
            return _on_invitation(person, arrival, links, at)
        case "reminder" | "last-call" if person.part is Part.SIGNS_WHEN_REMINDED and links:
            return [Act(at, person.address, "sign", links[0])]
        case "released" if person.part is Part.WITHDRAWS and own is not None:
            return [Act(at, person.address, "withdraw", f"{own.group()}/withdraw")]
    return []


def _on_invitation(person: Person, arrival: Arrival, links: list[str], at: datetime) -> list[Act]:
    verb = person.part.value
    match person.part:
        case _ if person.part in _SIGN_AT_ONCE:
            return [Act(at, person.address, _SHOWN.get(person.part, "sign"), links[0])]
        case Part.SIGNS_AS_INDIVIDUAL:
            return [Act(at, person.address, "sign", links[1])]
        case Part.AWAY:
            return [Act(arrival.at + AT_ONCE, person.address, verb, "", arrival)]
        case Part.SIGNS_BY_REPLY | Part.DECLINES | Part.OPTS_OUT_BY_REPLY | Part.ASKS:
            return [Act(at, person.address, verb, "", arrival)]
        case Part.OPTS_OUT | Part.OPTS_OUT_OF_CALL:
            found = _UNSUBSCRIBE.search(arrival.content)
            return [Act(at, person.address, _WAY_OUT[person.part], found.group(1).decode())] if found else []
    return []


def _do(act: Act) -> None:
    match act.verb:
        case "one-click":
            one_click(act.url)
        case "opt out of this call":
            press(act.url, scope="this")
        case "confirm" | "withdraw":
            press(act.url)
        case verb:
            name = act.address.partition("@")[0].replace(".", " ").title()
            press(act.url, name=name, visibility=_VISIBILITY[verb])
