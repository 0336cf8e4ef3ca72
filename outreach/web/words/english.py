"""The pages in English."""

from outreach.web.words.english_forms import FORM, LISTS, OWN
from outreach.web.words.rounds import ENGLISH as ROUND
from outreach.web.words.sentences import Words

ENGLISH = Words(
    language="en",
    form=FORM,
    lists=LISTS,
    own=OWN,
    round=ROUND,
    rehearsal="Rehearsal: nothing here counts.",
    questions="Questions? Write to {email}. A person reads every mail.",
    addressed_to="To",
    organised_by="Organised by",
    sign_by="Sign by",
    signing_ended="Signing ended",
    that_is="that is {moment}",
    published="Published",
    read_letter="Read the letter",
    in_confidence="This letter is in confidence until it is published. Please do not pass it on.",
    asks="What the letter asks",
    background="To read more",
    other_languages="Other languages",
    sign_as_organisation="Sign for your organisation",
    sign_as_individual="Sign in your own name",
    made_for="This link was made for {name}.",
    name_of_organisation="Name of the organisation, as it shall be printed",
    name_of_person="Your name, as it shall be printed",
    another_organisation="I sign for another organisation than {organisation}",
    sign_for_organisation="Sign for the organisation",
    sign="Sign",
    what_follows=(
        "We then send a mail to {address}. Nothing is signed until you press the button that it leads to."
    ),
    not_you=(
        "Not you? If somebody forwarded this link to you, please do not use it: it is personal. Anybody can sign "
        "by the forms on the letter’s public page."
    ),
    signs_late=(
        "Signing has closed. You may still sign: your signature will be kept as late, and the organisers will "
        "decide whether it can be added."
    ),
    name_is_blank="Please write the name as it shall stand under the letter.",
    name_has_contact="Please write a name only, without addresses, links or telephone numbers.",
    problem="Please check:",
    one_more_step="One more step",
    mail_is_on_its_way=(
        "We have sent a mail to {address}. Open the link in it and press the button there: only then is the "
        "letter signed."
    ),
    no_mail=(
        "No mail after ten minutes? Please look among the unwanted mails. It may also be that you or a "
        "colleague have signed already. If in doubt, write to {email}."
    ),
    will_be_late=(
        "Signing has closed, so the signature will be kept as late, and the organisers will decide whether it "
        "can be added."
    ),
    not_begun_title="Signing has not begun",
    not_begun="This letter cannot be signed yet. Please try this link again later.",
    over_title="The letter is out",
    over=(
        "The letter has been published with its list of signatories, so it can no longer be signed. Thank you "
        "for wanting to."
    ),
    given_up_title="This letter was given up",
    given_up="The organisers have stopped this call. Nothing more can be signed or confirmed.",
    confirm_title="Confirm your signature",
    will_read_organisation="The name of the organisation will be printed like this:",
    will_read_person="Your name will be printed like this:",
    confirm="Yes, sign the letter",
    not_asked=(
        "You did not ask for this? You need not do anything: nothing will be signed. If you tell us, we do not "
        "ask you about this letter again."
    ),
    confirms_late=(
        "The list is closed already. If you confirm this signature, it is kept as late, and the organisers will "
        "decide whether it can be added."
    ),
    confirmed_title="Signed, thank you",
    confirmed="The signature of {name} is confirmed. There is nothing more to do; a receipt comes by mail.",
    kept_late_title="Thank you, your signature came late",
    kept_late=(
        "It reached us after the list was closed. We have kept the signature of {name} as late, and the "
        "organisers will decide whether it can be added."
    ),
    not_counted_title="This signature does not count",
    not_counted="It was withdrawn or set aside. If you think that this is a mistake, please write to {email}.",
    looked_at_title="The organisers are looking at this signature",
    looked_at="There is nothing to do for you now. If they have a question, they will write to you.",
    opt_out_title="Which mails shall stop?",
    opt_out_for="This is about mails to {address}.",
    opt_out_this="Only mails about this letter: {title}",
    opt_out_everything="All invitations and news from {workspace}",
    opt_out_button="Stop these mails",
    opt_out_note=(
        "If you have signed a letter or sign one, you still get the mails that your own signature needs."
    ),
    opted_out_title="It is done",
    opted_out_this="We write to you no more about this letter: {title}",
    opted_out_everything="You get no more invitations and news from {workspace}.",
    opt_out_rest="Would you rather get no invitations and news from {workspace} at all?",
    opt_out_rest_button="Stop them all",
    opt_out_unclear="Nothing was changed yet. Please choose, and press the button.",
    front="Here {workspace} publishes letters and collects the signatures under them.",
    front_invited="If you were invited to sign one, please use the link in the mail that you received.",
    test_title="A link from a test mail",
    test="This link is from a test mail: nothing happens here.",
    not_found_title="There is nothing here",
    not_found=(
        "If you came by a link in a mail, it may have been cut off or altered on its way. Please copy the whole "
        "link, or write to {email}."
    ),
    refused_title="This did not come from our page",
    refused=(
        "Nothing was changed. Please open the link in your mail, and press the button on the page that it shows."
    ),
    not_allowed_title="This does not work here",
    not_allowed="Nothing was changed. Please open the link in your mail again.",
    unreadable_title="We could not read that",
    unreadable="Nothing was changed. Please go back and try again.",
    too_many_title="Too many forms at once",
    too_many="Nothing was stored. Please wait a minute, and try again.",
    failed_title="Something went wrong on our side",
    failed="We are sorry. Please try again in a few minutes; if it does not help, write to {email}.",
)
