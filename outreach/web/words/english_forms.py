"""The forms, the lists and the signatory's own pages in English."""

from outreach.web.words.sentences import FormWords, ListWords, OwnWords

FORM = FormWords(
    optional="optional",
    acronym="Acronym",
    acronym_hint="It is printed in parentheses after the name.",
    country="Country",
    no_country="Please choose",
    website="Website",
    website_hint="It shows the organisers who is signing.",
    signer_name="Your own name",
    signer_name_hint="Who signs for the organisation. Only the organisers see it.",
    role="Your role there",
    title="Title or profession",
    title_hint="It is printed after your name.",
    affiliation="Where you work or belong",
    affiliation_hint="It is printed after your name, for identification only.",
    address="Your work e-mail address",
    address_hint="We write to it so that you can confirm. Only the organisers see it.",
    news="You may also write to me about other letters.",
    not_published_organisation=(
        "At most the organisation’s name, acronym and country are published. Your own name, your role and your "
        "address never are."
    ),
    not_published_person=(
        "At most your name, title, affiliation and country are published. Your address never is."
    ),
    visibility="Who may see the name?",
    public="Everyone",
    public_means=(
        "The name is published under the letter: on this website, in files for print, and wherever others pass "
        "the letter on. Search engines may find it."
    ),
    addressee="Only the addressee",
    addressee_means=(
        "The name stands in the copy for {addressee}, and is not published. What the addressee does with it is "
        "not in our hands."
    ),
    counted="Nobody",
    counted_means=(
        "The signature is one more in the count. The name is in no list and no copy; only the organisers know it."
    ),
    check_these="Please check what is marked below. Nothing has been signed yet.",
    too_long="This is too long to be printed. Please shorten it.",
    choose_country="Please choose a country from the list.",
    website_wrong="Please write a web address such as https://harbour.example, or leave this empty.",
    choose_visibility="Please choose who may see the name.",
    address_wrong="Please write one e-mail address of yours, such as name@harbour.example.",
    doubt_title="Is this right?",
    doubt_note="If it is, simply press the button again. If not, please correct it below.",
    doubt_button="Yes, that is right",
    doubt_no_organisation=(
        "“{shown}” does not look like the name of an organisation. To sign in your own name there is another form."
    ),
    doubt_person="“{shown}” looks like the name of a person. To sign in your own name there is another form.",
    doubt_organisation="“{shown}” looks like the name of an organisation. To sign for it there is another form.",
    doubt_capitals="“{shown}” is all in capitals. It will be printed exactly like that.",
    doubt_small_letters="“{shown}” is all in small letters. It will be printed exactly like that.",
    doubt_mixed_scripts="“{shown}” mixes letters of two alphabets that look alike.",
    doubt_free_mail=(
        "The address is at {shown}, where anybody can have one. An address of the organisation’s own is "
        "easier to believe."
    ),
    doubt_other_domain="The address is at {shown}, and the website is another’s.",
    another_person="I am not that person",
    instead_organisation="Sign for an organisation instead",
    instead_individual="Sign in your own name instead",
    not_taken_title="This letter is signed in another way",
    not_taken="Its organisers do not collect signatures of this kind. Thank you for wanting to sign.",
    no_mail_came="You have signed, and no mail came?",
    again_title="Ask for the mail again",
    again_note=(
        "Write the address with which you signed. If a signature to this letter waits for it to confirm, the "
        "mail comes again."
    ),
    again_button="Ask again",
    again_done_title="Please look into your mailbox",
    again_done=(
        "If a signature waits for this address, a mail is on its way to it. We tell nobody whether that is so, and "
        "send few such mails in a day, so that nobody can be pestered with them."
    ),
)

LISTS = ListWords(
    so_far="So far",
    names_later="The names are published together with the letter.",
    all_names="All names, page by page",
    page_of="Page {page} of {pages}",
    pages="Pages of the list",
    previous="Previous page",
    following="Next page",
    downloads="The letter with its list, to keep",
    kit_title="Say that you have signed",
    kit_note=("A post in your own name, ready for your website or your newsletter. Please change it as you like."),
    kit_archive="Everything in one file (ZIP)",
    open_letters="Open for signature",
    published_letters="Published",
)

OWN = OwnWords(
    signed_as="This is what is signed:",
    shown_public="Everyone can see it: it is published under the letter.",
    shown_addressee="Only the addressee sees it: it is not published.",
    shown_counted="Nobody sees it: the signature is only counted, and the name is printed nowhere.",
    correct_first="Something to correct first",
    not_me="It was not me",
    disowned_title="Thank you for telling us",
    disowned="Nothing is signed with your address, and we do not ask it about this letter again.",
    stale_title="This link is from an older mail",
    stale=(
        "The signature was changed after that mail, and now reads as it stands here. The newest mail has the link "
        "that confirms it."
    ),
    expired_title="This link has expired",
    expired="The signature has waited for more than 30 days. If you still want it, ask for a new mail.",
    ask_again="Send me a new mail",
    asked_again_title="Please look into your mailbox",
    asked_again=(
        "If the signature still waits, a new mail is on its way. We send few of them in a day: if none comes, "
        "please try again tomorrow."
    ),
    wider="If you agree, more people see the name than so far.",
    wider_button="Yes, show the name",
    letter_changed="The letter has changed since you signed it. Please read it again before you confirm.",
    look="Look at your signature, correct it or withdraw it",
    title="Your signature",
    personal="This page is yours alone: whoever has its address can change the signature.",
    pending="It is not confirmed yet, so it does not count so far.",
    confirmed="It is confirmed and counts.",
    late="It came late. The organisers decide whether it can be added.",
    withdrawn="It is withdrawn, and does not count.",
    widening=(
        "You asked for more people to see the name. That holds once you have confirmed it by the link in the "
        "newest mail; until then it stays as it is."
    ),
    correct="Correct it, or change who sees it",
    withdraw="Withdraw it",
    reinstate="Sign it after all",
    correct_title="Correct your signature",
    save="Save",
    corrected_title="It is changed",
    corrected="This is how it stands from now on.",
    next_edition="An edition that is signed off stays as it is: the correction stands in the next one.",
    widens=(
        "More people would see the name, so we ask you once more: a mail is on its way to {address}. Until you "
        "have pressed the button that it leads to, no more people see it than before."
    ),
    asked_later=(
        "This holds once you have confirmed it by mail. Few such mails may go to {address} in a day, so the next "
        "one comes later, most likely tomorrow."
    ),
    asked_never=(
        "This holds once it is confirmed, but we send no more mails about it to {address}. Please write to {email}."
    ),
    withdraw_title="Withdraw your signature?",
    withdraw_waiting="It is not confirmed and stands nowhere. If you withdraw it, nothing will be signed.",
    withdraw_before=(
        "It leaves the list and the count at once. Nothing has been published yet. If you change your mind, you "
        "can sign again by this same link."
    ),
    withdraw_signed_off=(
        "The letter gets a new edition without it, at once. If you change your mind, you can sign again by this "
        "same link."
    ),
    withdraw_after="Copies with the name went out before, and cannot be called back:",
    copy_page="the public page, of which others may have kept a copy",
    copy_mailing="mails to those who signed",
    copy_file="files of the letter, printed or passed on",
    copy_kit="announcements by signatories",
    withdraw_button="Withdraw my signature",
    keep="Keep it",
    withdrawn_title="Your signature is withdrawn",
    reinstated="A mail is on its way to {address}: the signature counts once you have confirmed it.",
)
