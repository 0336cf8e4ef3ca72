"""Forms' questions, in six languages, and the columns that they are recognised as."""

import pytest

from outreach.domain.contact_columns import map_header as map_contacts
from outreach.domain.errors import InvalidInput
from outreach.domain.lists.signature_columns import Field, map_header

FORM = (
    Field.SUBMITTED,
    Field.ORGANISATION,
    Field.NAME,
    Field.TITLE,
    Field.EMAIL,
    Field.COUNTRY,
    Field.VISIBILITY,
)
IN_LANGUAGES = {
    "en": "Timestamp|Name of your organization as it should appear on the letter|Your full name|Title/Position|"
    "E-mail address|Country|May we publish your name?",
    "fr": "Horodateur|Nom de votre organisation tel qu'il doit figurer sur la lettre|Votre nom complet|"
    "Fonction / Poste|Adresse e-mail|Pays|Pouvons-nous publier votre nom ?",
    "es": "Marca temporal|Nombre de su organización tal como debe aparecer en la carta|Su nombre completo|Cargo|"
    "Dirección de correo electrónico|País|¿Podemos publicar su nombre?",
    "de": "Zeitstempel|Name Ihrer Organisation, wie er auf dem Brief stehen soll|Ihr vollständiger Name|Funktion|"
    "E-Mail-Adresse|Land|Dürfen wir Ihren Namen veröffentlichen?",
    "pt": "Carimbo de data/hora|Nome da sua organização como deve aparecer na carta|Seu nome completo|Cargo|"
    "Endereço de e-mail|País|Podemos publicar o seu nome?",
    "ar": "طابع زمني|اسم منظمتكم كما يجب أن يظهر في الرسالة|اسمك الكامل|المنصب|عنوان البريد الإلكتروني|البلد|"
    "هل يمكننا نشر اسمك؟",
}


@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_a_google_form_is_understood_in_its_language(language: str) -> None:
    found = map_header(IN_LANGUAGES[language].split("|"))
    assert found.fields == {field: place for place, field in enumerate(FORM)}
    assert found.ignored == ()


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Affiliation (for identification only)", Field.AFFILIATION),
        ("Organisation's website", Field.WEBSITE),
        ("Website or social media", Field.WEBSITE),
        ("Are you signing as an individual or on behalf of an organization?", Field.KIND),
        ("Name of organization (and acronym)", Field.ORGANISATION),
        ("Public name of organisation", Field.ORGANISATION),
        ("Which organization do you represent?", Field.ORGANISATION),
        ("Name of person signing on behalf of the organisation", Field.NAME),
        ("Name for publication", Field.NAME),
        ("Position in the organisation", Field.TITLE),
        ("Country where your organisation is based", Field.COUNTRY),
        ("Work e-mail (not published)", Field.EMAIL),
        ("Do you wish to remain anonymous?", Field.VISIBILITY),
        ("Do not publish my name", Field.VISIBILITY),
        ("I agree to the publication of my name", Field.VISIBILITY),
    ],
)
def test_a_question_is_told_by_its_words(question: str, field: Field) -> None:
    beside = ["Organisation"] if field is not Field.ORGANISATION else ["Signer"]
    assert map_header([*beside, question]).fields[field] == 1


@pytest.mark.parametrize(
    "question",
    [
        "Phone number",
        "Would you like to receive our newsletter by email?",
        "Comments",
        "Logo",
        "Type of organisation",
        "How many members has your organisation?",
    ],
)
def test_what_is_no_part_of_a_signature_is_left_out_and_said(question: str) -> None:
    assert map_header(["Name", question]).ignored == (question,)


def test_microsoft_forms_own_columns_give_way_to_the_questions() -> None:
    header = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Organisation",
        "Your full name",
        "Your e-mail",
    ]
    found = map_header(header)
    assert found.fields == {Field.SUBMITTED: 2, Field.ORGANISATION: 5, Field.NAME: 6, Field.EMAIL: 7}
    assert found.ignored == ("ID", "Start time", "Email", "Name")


def test_what_the_person_says_of_a_column_goes_before_its_words() -> None:
    header = ["Q1", "Name", "Email"]
    found = map_header(header, {"q1": "organisation", "Name": "title", "Email": "ignore"})
    assert found.fields == {Field.ORGANISATION: 0, Field.TITLE: 1}
    assert found.ignored == ("Email",)


@pytest.mark.parametrize(
    ("header", "overrides", "says"),
    [
        (["Email", "Country"], {}, "No column of names was found. The file has the columns"),
        (["Name"], {"Nam": "name"}, 'there is no column "Nam"'),
        (["Name"], {"Name": "shoe size"}, 'there is no field "shoe size"'),
        (["A", "B"], {"A": "name", "B": "name"}, "names two columns for name"),
        (["Organisation", "Organization name"], {}, "both look like organisation. Say which to leave out"),
    ],
)
def test_a_header_that_is_not_understood_says_what_to_do(
    header: list[str], overrides: dict[str, str], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        map_header(header, overrides)


def test_given_and_family_names_make_one_name() -> None:
    assert map_header(["Prénom", "Nom"]).fields == {Field.GIVEN_NAME: 0, Field.FAMILY_NAME: 1}
    assert map_header(["Nombre", "Apellidos"]).fields == {Field.GIVEN_NAME: 0, Field.FAMILY_NAME: 1}


def test_a_table_of_contacts_is_read_as_contacts_are() -> None:
    header = ["Organisation", "Name", "Email", "Country", "Role"]
    theirs = {field.value: place for field, place in map_contacts(header).fields.items()}
    ours = {field.value.replace("title", "role"): place for field, place in map_header(header).fields.items()}
    assert ours == theirs
