"""A call's pictures with their words: what each shows, told in a sentence for who does not see it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from markupsafe import Markup

from outreach.domain.funnels import Funnel, Standing
from outreach.domain.kinds import MessageKind
from outreach.domain.states import CallState
from outreach.queries.call_timeline import Mark, Moment
from outreach.queries.signature_curve import Curve
from outreach.store.tables import Call
from outreach.web.console.call_words import FILLS, standing_words
from outreach.web.console.pictures import Bar, Flag, Reached, Stop, draw_curve, draw_funnel, draw_timeline
from outreach.web.console.seat import Seat

Told = Sequence[tuple[Moment, str]]
MARKED = (MessageKind.REMINDER, MessageKind.LAST_CALL, MessageKind.DEADLINE_EXTENDED)


def funnel_picture(funnel: Funnel, seat: Seat, *, number: Callable[[int], str]) -> Markup:
    """Invited, reached, and then where each stands."""
    words = standing_words(seat)
    steps = [
        Bar(seat._("Invited"), funnel.invited, number(funnel.invited), "faint"),
        Bar(seat._("Reached"), funnel.reached, number(funnel.reached), "faint"),
        Bar(seat._("Have answered"), funnel.replied, number(funnel.replied)),
    ]
    parts = [
        Bar(words[one], funnel[one], number(funnel[one]), FILLS.get(one, "faint"))
        for one in Standing
        if funnel[one]
    ]
    colon = seat._(": ")
    told = "; ".join(f"{bar.words}{colon}{bar.shown}" for bar in (*steps, *parts))
    return draw_funnel(seat._("Where everybody stands who was invited"), told, [*steps, *parts])


def timeline_picture(told: Told, seat: Seat, *, day: Callable[[datetime], str]) -> Markup:
    """The call's moments, by the numbers that they have in the table."""
    stops = [
        Stop(moment.at, number, f"{number}. {words}", moment.done) for number, (moment, words) in enumerate(told, 1)
    ]
    colon = seat._(": ")
    return draw_timeline(
        seat._("The call's moments"),
        "; ".join(f"{day(moment.at)}{colon}{words}" for moment, words in told),
        stops,
        now=seat.now,
        today=seat._("now"),
        say=day,
    )


def curve_picture(
    call: Call,
    signed: Curve,
    told: Told,
    seat: Seat,
    *,
    day: Callable[[datetime], str],
    number: Callable[[int], str],
) -> Markup:
    """The signatures over time, with the reminders and the deadline; nothing for a draft."""
    if call.launched_at is None:
        return Markup()
    start = min(call.launched_at, *(point.ends_at for point in signed.points))
    points = [Reached(start, 0), *(Reached(min(one.ends_at, seat.now), one.total) for one in signed.points)]
    flags = [
        Flag(moment.at, "D" if moment.mark is Mark.DEADLINE else "M", words)
        for moment, words in told
        if moment.at >= start
        and (moment.mark is Mark.DEADLINE or (moment.done and moment.kind in MARKED and moment.at <= seat.now))
    ]
    until = call.deadline_at if call.state is CallState.OPEN else points[-1].at
    sentence = seat._("{count} signatures since {day}").format(count=number(signed.total), day=day(start))
    ahead = [flag for flag in flags if flag.at <= max(until, points[-1].at)]
    return draw_curve(seat._("Signatures over time"), sentence, points, ahead, until=until, say=day, shown=number)
