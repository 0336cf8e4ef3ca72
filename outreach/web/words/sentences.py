"""The sentences that a language must have before the pages speak it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's sentences; names in braces stand for values.

    None has a default, so that a language without a sentence is an error and not a gap on a page.
    """

    language: str

    # on every page
    rehearsal: str
    questions: str

    # about a letter
    addressed_to: str
    organised_by: str
    sign_by: str
    signing_ended: str
    that_is: str
    published: str
    read_letter: str
    asks: str
    background: str
    other_languages: str
    how_to_sign: str

    # signing
    sign_as_organisation: str
    sign_as_individual: str
    made_for: str
    name_of_organisation: str
    name_of_person: str
    another_organisation: str
    sign_for_organisation: str
    sign: str
    what_follows: str
    not_you: str
    signs_late: str
    name_is_blank: str
    name_has_contact: str
    problem: str
    one_more_step: str
    mail_is_on_its_way: str
    no_mail: str
    will_be_late: str

    # signing is not possible
    not_begun_title: str
    not_begun: str
    over_title: str
    over: str
    given_up_title: str
    given_up: str

    # confirming
    confirm_title: str
    will_read_organisation: str
    will_read_person: str
    confirm: str
    not_asked: str
    confirms_late: str
    confirmed_title: str
    confirmed: str
    kept_late_title: str
    kept_late: str
    not_counted_title: str
    not_counted: str
    looked_at_title: str
    looked_at: str

    # opting out
    opt_out_title: str
    opt_out_for: str
    opt_out_this: str
    opt_out_everything: str
    opt_out_button: str
    opt_out_note: str
    opted_out_title: str
    opted_out_this: str
    opted_out_everything: str
    opt_out_rest: str
    opt_out_rest_button: str
    opt_out_unclear: str

    # the front page
    front: str
    front_invited: str

    # what went wrong
    test_title: str
    test: str
    not_found_title: str
    not_found: str
    refused_title: str
    refused: str
    not_allowed_title: str
    not_allowed: str
    unreadable_title: str
    unreadable: str
    failed_title: str
    failed: str
