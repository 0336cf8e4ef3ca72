"""What the rooms of contacts call things, in the reader's language."""

from outreach.domain.contact_rows import Basis, Field
from outreach.store.tables import SuppressionReason
from outreach.web.console.seat import Seat


def basis_words(seat: Seat) -> dict[str, str]:
    """On what ground somebody may be written to."""
    _ = seat._
    return {
        Basis.CONSENT.value: _("Consent"),
        Basis.MEMBER.value: _("Member"),
        Basis.PUBLIC.value: _("Published address"),
        Basis.PARTNER.value: _("Partner"),
        Basis.LEGITIMATE_INTEREST.value: _("Legitimate interest"),
    }


def suppression_words(seat: Seat) -> dict[SuppressionReason, str]:
    """Why somebody is not written to."""
    _ = seat._
    return {
        SuppressionReason.OPT_OUT: _("wants no such mail"),
        SuppressionReason.HARD_BOUNCE: _("mail came back for good"),
        SuppressionReason.COMPLAINT: _("complained about our mail"),
        SuppressionReason.ERASURE: _("erased at the person's request"),
    }


def field_words(seat: Seat) -> dict[Field, str]:
    """What a column of a table may hold."""
    _ = seat._
    return {
        Field.EMAIL: _("Mail address"),
        Field.NAME: _("Name"),
        Field.GIVEN_NAME: _("Given name"),
        Field.FAMILY_NAME: _("Family name"),
        Field.ORGANISATION: _("Organisation"),
        Field.ACRONYM: _("Acronym of the organisation"),
        Field.ALIASES: _("Other names of the organisation"),
        Field.ORGANISATION_COUNTRY: _("Country of the organisation"),
        Field.WEBSITE: _("Website of the organisation"),
        Field.ROLE: _("Role"),
        Field.COUNTRY: _("Country"),
        Field.LANGUAGE: _("Language"),
        Field.TIME_ZONE: _("Time zone"),
        Field.TAGS: _("Tags"),
        Field.SOURCE: _("Where the address is from"),
        Field.BASIS: _("Basis"),
    }
