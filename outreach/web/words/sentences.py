"""The sentences that a language must have before the pages speak it."""

from dataclasses import dataclass

from outreach.web.words.rounds import RoundWords


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """What the forms say in which somebody signs, or asks to be asked again."""

    # the fields
    optional: str
    acronym: str
    acronym_hint: str
    country: str
    no_country: str
    website: str
    website_hint: str
    signer_name: str
    signer_name_hint: str
    role: str
    title: str
    title_hint: str
    affiliation: str
    affiliation_hint: str
    address: str
    address_hint: str
    news: str
    not_published_organisation: str
    not_published_person: str

    # who sees the name
    visibility: str
    public: str
    public_means: str
    addressee: str
    addressee_means: str
    counted: str
    counted_means: str

    # what cannot be taken
    check_these: str
    too_long: str
    choose_country: str
    website_wrong: str
    choose_visibility: str
    address_wrong: str

    # what may be meant otherwise
    doubt_title: str
    doubt_note: str
    doubt_button: str
    doubt_no_organisation: str
    doubt_person: str
    doubt_organisation: str
    doubt_capitals: str
    doubt_small_letters: str
    doubt_mixed_scripts: str
    doubt_free_mail: str
    doubt_other_domain: str

    # other ways
    another_person: str
    instead_organisation: str
    instead_individual: str
    not_taken_title: str
    not_taken: str
    no_mail_came: str
    again_title: str
    again_note: str
    again_button: str
    again_done_title: str
    again_done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """What stands around a list of names or of letters."""

    so_far: str
    names_later: str
    all_names: str
    page_of: str
    pages: str
    previous: str
    following: str
    downloads: str
    open_letters: str
    kit_title: str
    kit_note: str
    kit_archive: str
    published_letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What the pages say on which a signatory confirms, corrects, hides or withdraws a signature."""

    # what is signed, and who sees it
    signed_as: str
    shown_public: str
    shown_addressee: str
    shown_counted: str

    # confirming
    correct_first: str
    not_me: str
    disowned_title: str
    disowned: str
    stale_title: str
    stale: str
    expired_title: str
    expired: str
    ask_again: str
    asked_again_title: str
    asked_again: str
    wider: str
    wider_button: str
    letter_changed: str
    look: str

    # the signatory's own page
    title: str
    personal: str
    pending: str
    confirmed: str
    late: str
    withdrawn: str
    widening: str
    correct: str
    withdraw: str
    reinstate: str

    # correcting
    correct_title: str
    save: str
    corrected_title: str
    corrected: str
    next_edition: str
    widens: str
    asked_later: str
    asked_never: str

    # withdrawing
    withdraw_title: str
    withdraw_waiting: str
    withdraw_before: str
    withdraw_signed_off: str
    withdraw_after: str
    copy_page: str
    copy_mailing: str
    copy_file: str
    copy_kit: str
    withdraw_button: str
    keep: str
    withdrawn_title: str
    reinstated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's sentences; names in braces stand for values.

    None has a default, so that a language without a sentence is an error and not a gap on a page.
    """

    language: str
    form: FormWords
    lists: ListWords
    own: OwnWords
    round: RoundWords

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
    in_confidence: str
    asks: str
    background: str
    other_languages: str

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
    too_many_title: str
    too_many: str
    failed_title: str
    failed: str
