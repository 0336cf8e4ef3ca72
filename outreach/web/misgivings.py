"""What may be meant otherwise in a form: asked kindly, once, in the reader's words; never a refusal."""

from markupsafe import Markup

from outreach.domain.desk.doubts import Doubt, DoubtReason, doubts
from outreach.web.filling import Filled
from outreach.web.words import Words


def misgivings(filled: Filled, words: Words) -> tuple[Markup, ...]:
    """Our doubts about what was filled in; none when something is wrong with it, or when they were asked before."""
    if filled.entry is None or filled.sure:
        return ()
    return tuple(_said(doubt, words) for doubt in doubts(filled.entry, filled.address))


def _said(doubt: Doubt, words: Words) -> Markup:
    form = words.form
    sentence = {
        DoubtReason.NO_ORGANISATION: form.doubt_no_organisation,
        DoubtReason.PERSON: form.doubt_person,
        DoubtReason.ORGANISATION: form.doubt_organisation,
        DoubtReason.CAPITALS: form.doubt_capitals,
        DoubtReason.SMALL_LETTERS: form.doubt_small_letters,
        DoubtReason.MIXED_SCRIPTS: form.doubt_mixed_scripts,
        DoubtReason.FREE_MAIL: form.doubt_free_mail,
        DoubtReason.OTHER_DOMAIN: form.doubt_other_domain,
    }[doubt.reason]
    return Markup(sentence).format(shown=Markup("<bdi>{}</bdi>").format(doubt.shown))  # noqa: S704  our own sentence
