"""The letter of a draft in the console: kept as she types, never over a colleague, shown as it will be read."""

import pytest

from outreach.domain.kinds import MessageKind
from outreach.store.calls import export_call
from tests.web.console.made import (
    CANARY,
    MAKE,
    WRITTEN,
    begin,
    draft,
    form_of,
    save,
    version,
)
from tests.web.console.seated import FROM_OUR_PAGE, Seated, seated
from tests.web.visit import Visit


@pytest.fixture
def begun(here: Visit) -> Seated:
    """Rosa has made a draft."""
    return begin(here)


def test_the_letter_is_kept_and_shown_as_its_readers_see_it(here: Visit, begun: Seated) -> None:
    assert save(begun, "letter", WRITTEN).status_code == 303
    page = begun.get(f"{MAKE}/letter").text
    assert "<strong>open</strong> the ports" in page
    assert "<li>Keep them open</li>" in page
    assert "Saved." in page


def test_it_is_saved_as_she_types_and_says_when(here: Visit, begun: Seated) -> None:
    hers = {**WRITTEN, "version": version(begun, "letter")}
    answer = begun.request("POST", f"{MAKE}/letter", data=hers, headers={**FROM_OUR_PAGE, "hx-request": "true"})
    assert "Saved at 13:00" in answer.text
    assert answer.headers["hx-trigger"] == "saved"
    assert form_of(answer)["version"] == version(begun, "letter")


def test_a_letter_that_cannot_be_is_not_kept_but_stays_in_the_form(here: Visit, begun: Seated) -> None:
    page = save(begun, "letter", {**WRITTEN, "body.en": "{{ nonsense }} stays here", "title.fr": ""})
    assert page.status_code == 422
    assert "nonsense" in page.text
    assert "stays here" in page.text
    faulty = save(begun, "letter", {**WRITTEN, "title.fr": ""})
    assert "The letter in fr has no title." in faulty.text
    assert "nonsense" not in begun.get(f"{MAKE}/letter").text


def test_two_who_write_at_once_see_both_and_nothing_is_lost(here: Visit, begun: Seated) -> None:
    amina = seated(here, name="Amina")
    old = version(begun, "letter")
    assert save(amina, "letter", {**WRITTEN, "title.en": "Hers came first"}).status_code == 303
    page = begun.post(f"{MAKE}/letter", {**WRITTEN, "title.en": "Mine came second", "version": old})
    assert page.status_code == 409
    assert "Hers came first" in page.text
    assert "Mine came second" in page.text
    hx = {**FROM_OUR_PAGE, "hx-request": "true"}
    typed = begun.request("POST", f"{MAKE}/letter", data={**WRITTEN, "version": old}, headers=hx)
    assert "somebody else has changed this meanwhile" in typed.text
    mine = {**WRITTEN, "title.en": "Mine came second", "version": form_of(page)["version"]}
    assert begun.post(f"{MAKE}/letter", mine).status_code == 303
    assert "Mine came second" in begun.get(f"{MAKE}/letter").text


def test_two_who_work_on_different_pages_are_in_nobodys_way(here: Visit, begun: Seated) -> None:
    old = version(begun, "audience")
    assert save(begun, "letter", WRITTEN).status_code == 303
    assert begun.post(f"{MAKE}/audience", {"version": old, "tags": "migration"}).status_code == 303


def test_the_rendering_keeps_nothing_and_runs_nothing(here: Visit, begun: Seated) -> None:
    before = here.everything()
    shown = begun.post(
        f"{MAKE}/letter/rendered", {"language": "en", "body.en": f"*so* {CANARY}", "title.en": CANARY}
    )
    assert "<em>so</em>" in shown.text
    assert CANARY not in shown.text
    assert begun.post(f"{MAKE}/letter/rendered", {"language": "xx"}).status_code == 404
    assert here.everything() == before


def test_a_language_is_added_with_its_mails_and_removed_again(here: Visit, begun: Seated) -> None:
    assert begun.post(f"{MAKE}/letter/add", {"language": "es"}).status_code == 303
    with here.app.database.reading() as session:
        file = export_call(session, draft(here))
    assert "es" in file.letters
    assert (MessageKind.INVITATION, "es") in file.texts
    assert begun.post(f"{MAKE}/letter/remove", {"language": "es"}).status_code == 303
    with here.app.database.reading() as session:
        assert "es" not in export_call(session, draft(here)).letters
    assert "own language" in begun.does(f"{MAKE}/letter/remove", {"language": "en"}).text


def test_an_open_letter_is_amended_and_its_versions_show_what_changed(here: Visit) -> None:
    rosa, path = seated(here), "/console/calls/safe-passage/make/letter"
    with here.app.database.reading() as session:
        letters = export_call(session, here.call).letters
    values = {
        f"{name}.{language}": text
        for language, one in letters.items()
        for name, text in (
            ("title", one.title),
            ("addressee", one.addressee),
            ("asks", "\n".join(one.asks)),
            ("body", one.body),
        )
    }
    values["title.en"] = "Safer passage for everybody"
    page = rosa.get(path).text
    done = rosa.does(f"{path}/amend", {**values, "version": form_of(page)["version"]})
    assert "This is version 2 of the letter now. Asked again: 0." in done.text
    assert "<ins>Safer" in done.text
    assert rosa.post(path, {**values, "title.en": "x", "version": form_of(done)["version"]}).status_code == 422
    assert rosa.post(f"{path}/amend", {**values, "version": "old"}).status_code == 409
