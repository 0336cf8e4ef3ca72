"""Settings: explained where they stand, refused in a sentence that names file, key and what is allowed."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.config.describing import Setting, every_setting, sections
from outreach.config.loading import load_settings
from outreach.config.settings import Settings
from outreach.domain.errors import InvalidInput

ROOT = Path(__file__).parents[1]
SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")
GUIDE = ROOT / "docs" / "operator.md"
ORDINARY = [setting for setting in every_setting().values() if not setting.secret]
SECRETS = [setting for setting in every_setting().values() if setting.secret]
SECRET = "hunter2-of-lanterncoast"

Workspace = Callable[[str], Path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A function that gives a workspace with this text as its config.toml."""

    def make(text: str) -> Path:
        (tmp_path / "secrets").mkdir(exist_ok=True)
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return make


def load(folder: Path, **environment: str) -> Settings:
    return load_settings(folder, environment)


def refused(folder: Path, **environment: str) -> list[str]:
    """What is said of a workspace that cannot be loaded, without the folder's own name."""
    with pytest.raises(InvalidInput) as refusal:
        load_settings(folder, environment)
    return [reason.replace(f"{folder}/", "") for reason in refusal.value.reasons]


def about(setting: Setting) -> str:
    """The comment right above a key of the sample, on one line."""
    section = SAMPLE.partition(f"\n[{setting.section}]\n")[2].partition("\n[")[0]
    found = re.search(rf"(?m)((?:^# .*\n)+)^{setting.name} = ", section)
    assert found is not None, f"config.toml does not explain {setting.key}"
    return " ".join(found[1].replace("# ", " ").split())


def guide_row(setting: Setting) -> str:
    default = "" if setting.secret else f"`{setting.default}`"
    return f"| `{setting.key}` | {setting.meaning} | {setting.allowed} | {default} |"


@pytest.mark.parametrize("setting", ORDINARY, ids=lambda setting: setting.key)
def test_the_sample_explains_each_key_where_it_stands(setting: Setting) -> None:
    assert setting.meaning in about(setting)


@pytest.mark.parametrize("setting", SECRETS, ids=lambda setting: setting.key)
def test_the_sample_says_where_each_secret_goes(setting: Setting) -> None:
    assert re.search(rf"(?m)^#.*\({re.escape(setting.key)}\) is a secret: secrets/{setting.file}\.$", SAMPLE)


def test_the_sample_has_every_key_in_order_and_means_what_it_says() -> None:
    written = tomllib.loads(SAMPLE)
    assert [(section, name) for section in written for name in written[section]] == [
        (setting.section, setting.name) for setting in ORDINARY
    ]
    loaded = load(ROOT).model_dump()
    for setting in ORDINARY:
        assert loaded[setting.section][setting.name] == written[setting.section][setting.name]


def test_a_key_that_is_left_out_has_the_default_that_is_documented(workspace: Workspace) -> None:
    loaded = load(workspace("")).model_dump()
    for setting in ORDINARY:
        assert tomllib.loads(f"x = {setting.default}")["x"] == loaded[setting.section][setting.name]


def test_the_operators_guide_lists_every_setting() -> None:
    part = GUIDE.read_text(encoding="utf-8").partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    assert rows == [guide_row(setting) for setting in every_setting().values()]


def test_a_new_workspace_writes_files_and_sends_nothing(workspace: Workspace) -> None:
    assert load(workspace("")).mail.transport == "files"


def test_settings_cannot_be_changed_once_they_are_loaded(workspace: Workspace) -> None:
    settings = load(workspace(""))
    with pytest.raises(ValueError, match="frozen"):
        settings.mail.transport = "smtp"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[smtp]\nprot = 25", "there is no setting smtp.prot. Did you mean smtp.port?"),
        (
            "[web]\ncolour = 1",
            "there is no setting web.colour. There are: host, port, trusted_proxies, forms_per_minute.",
        ),
        ("[smpt]\nport = 25", "there is no section [smpt]. Did you mean smtp?"),
        ("port = 25", f"there is no section [port]. There are: {', '.join(sections())}."),
        ("smtp = 25", "smtp is a section: write [smtp] on a line, and its keys on lines below it."),
        ("[[smtp]]\nport = 1", "smtp is a section: write [smtp] on a line, and its keys on lines below it."),
    ],
)
def test_an_unknown_key_is_refused_with_the_one_that_was_meant(
    workspace: Workspace, text: str, sentence: str
) -> None:
    assert refused(workspace(text)) == [f"config.toml: {sentence}"]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("smtp.port", "70000", "is 70000; it must be a whole number from 1 to 65535."),
        ("smtp.port", '"587"', 'is "587"; it must be a whole number from 1 to 65535.'),
        ("smtp.port", "true", "is true; it must be a whole number from 1 to 65535."),
        ("smtp.security", '"ssl"', 'is "ssl"; it must be "starttls", "tls" or "none".'),
        ("smtp.host", "7", "is 7; it must be a server's name or number."),
        ("smtp.host", '"mail.x.example:587"', ': "mail.x.example:587" is no server\'s name'),
        ("smtp.hello_name", '"our machine"', ': "our machine" is no server\'s name'),
        ("smtp.timeout_seconds", "0", "is 0; it must be a number above 0, at most 600."),
        ("smtp.timeout_seconds", "inf", "is inf; it must be a number above 0, at most 600."),
        ("workspace.second_person", '"no"', 'is "no"; it must be true or false.'),
        ("workspace.name", '""', ": it must not be empty."),
        ("workspace.name", "2026-01-01", "is 2026-01-01; it must be a text in quotes."),
        ("workspace.language", '"xq"', ': "xq" is no language'),
        ("workspace.time_zone", '"Europe/Brusels"', "did you mean Europe/Brussels?"),
        ("workspace.base_url", '"x.example"', "write it as https://calls.example.org, without a path."),
        ("workspace.base_url", '"http://x.example"', ': "http://x.example" must begin with https://'),
        ("workspace.base_url", '"https://x.example@evil.example"', "is not where pages could be reached"),
        ("sender.name", '"Rosa\\r\\nBcc: x@y.example"', "must be one line, without control characters."),
        ("sender.address", '"not an address"', ': "not an address" has no @.'),
        ("sender.address", '""', ": The address is empty."),
        ("mail.transport", '"gmail"', 'is "gmail"; it must be "files" or "smtp". files writes .eml files'),
        ("limits.per_hour", "-3", "is -3; it must be a whole number from 1 to 1000000000. Mails in any hour."),
        ("schedule.quiet_hours", '"8 to 8"', ': "8 to 8" are no quiet hours'),
        ("schedule.working_days", '["mon"]', "is a list; it must be "),
        ("database.url", '"mysql://x"', ": it must be sqlite:///FILE or postgresql://USER@HOST/NAME."),
    ],
)
def test_a_wrong_value_is_refused_with_its_place_and_what_is_allowed(
    workspace: Workspace, key: str, value: str, sentence: str
) -> None:
    [said] = refused(workspace(f"{key} = {value}"))
    assert said.startswith(f"config.toml: {key}")
    assert sentence in said
    assert ".." not in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[smtp]\nhost = "mail.x.example"\nsecurity = "none"',
            'in [smtp], security = "none" to mail.x.example would show the mails to anyone',
        ),
        ("retries.first_wait_minutes = 300", "in [retries], longest_wait_minutes must not be shorter"),
    ],
)
def test_values_that_contradict_each_other_are_refused(workspace: Workspace, text: str, sentence: str) -> None:
    [said] = refused(workspace(text))
    assert said.startswith(f"config.toml: {sentence}")


def test_everything_that_is_wrong_is_said_at_once(workspace: Workspace) -> None:
    folder = workspace('[web]\nport = 0\n[mail]\ntransport = "x"\n[smtp]\nprot = 1\npassword = "x"')
    assert len(refused(folder, OUTREACH_LIMITS__PER_DAY="few")) == 5


@pytest.mark.parametrize("setting", SECRETS, ids=lambda setting: setting.key)
def test_a_secret_in_the_file_is_refused_and_not_repeated(workspace: Workspace, setting: Setting) -> None:
    [said] = refused(workspace(f'{setting.key} = "{SECRET}"'))
    assert said == (
        f"config.toml: {setting.key} is a secret and may not stand in the file; put it into "
        f"secrets/{setting.file} or into {setting.variable} in the environment."
    )


def test_a_password_inside_the_databases_address_is_a_secret_in_the_file(workspace: Workspace) -> None:
    [said] = refused(workspace(f'database.url = "postgresql://rosa:{SECRET}@db.example/calls"'))
    assert "database.password is a secret" in said
    assert SECRET not in said


def test_a_wrong_database_address_is_not_repeated_for_it_may_hold_a_password(workspace: Workspace) -> None:
    [said] = refused(workspace(""), OUTREACH_DATABASE__URL=f"mysql://rosa:{SECRET}@db.example/calls")
    assert SECRET not in said


def test_loaded_secrets_do_not_show(workspace: Workspace) -> None:
    settings = load(workspace(""), OUTREACH_SMTP__PASSWORD=SECRET)
    assert settings.smtp.password.get_secret_value() == SECRET
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"[web\nport = 1", "config.toml is not valid TOML: Expected ']' at the end of a table declaration"),
        (b"[web]\nport = 1\nport = 2", "config.toml is not valid TOML: Cannot overwrite a value"),
        ('[workspace]\nname = "café"'.encode("latin-1"), "config.toml is not a text in UTF-8; save it as UTF-8."),
        ("[web]".encode("utf-16"), "config.toml is not a text in UTF-8; save it as UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, written: bytes, sentence: str) -> None:
    (tmp_path / "config.toml").write_bytes(written)
    [said] = refused(tmp_path)
    assert said.startswith(sentence)


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("[web]\nport = 8081".encode("utf-8-sig"))
    assert load(tmp_path).web.port == 8081


def test_a_folder_without_the_file_is_no_workspace(tmp_path: Path) -> None:
    [said] = refused(tmp_path)
    assert said == (
        f"There is no workspace in {tmp_path}: config.toml is missing. 'outreach init {tmp_path}' makes a new one."
    )


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        ("smtp.host", "mail.x.example", "mail.x.example"),
        ("smtp.port", "465", 465),
        ("retries.pause_minutes", "7.5", 7.5),
        ("workspace.second_person", "true", True),
        ("sender.reply_to", "", ""),
    ],
)
def test_environment_goes_before_secrets_and_both_before_the_file(
    workspace: Workspace, setting: str, text: str, value: Any
) -> None:
    section, name = setting.split(".")
    folder = workspace(SAMPLE)
    (folder / "secrets" / f"{section}__{name}").write_text(text + "\n")
    assert load(folder).model_dump()[section][name] == value
    (folder / "secrets" / f"{section}__{name}").write_text("not this")
    assert load(folder, **{f"OUTREACH_{section}__{name}".upper(): text}).model_dump()[section][name] == value


def test_a_wrong_value_in_the_environment_names_the_variable(workspace: Workspace) -> None:
    [said] = refused(workspace(""), OUTREACH_SMTP__PORT="smtp")
    assert said.startswith('OUTREACH_SMTP__PORT in the environment is "smtp"; it must be a whole number')


@pytest.mark.parametrize("variable", ["OUTREACH_SMTP__PROT", "OUTREACH_SMPT__PORT"])
def test_a_misspelt_variable_is_refused(workspace: Workspace, variable: str) -> None:
    [said] = refused(workspace(""), **{variable: "25"})
    assert said.startswith(f"{variable} in the environment: there is no ")
    assert "Did you mean" in said


def test_variables_that_name_no_setting_are_left_alone(workspace: Workspace) -> None:
    load(workspace(""), OUTREACH_WORKSPACE="/srv/calls", OUTREACH_TESTS_REQUIRE_PARTS="1", HOME__X="1")


def test_a_wrong_value_among_the_secrets_names_the_file(workspace: Workspace) -> None:
    folder = workspace("")
    (folder / "secrets" / "smtp__pasword").write_text("x")
    [said] = refused(folder)
    assert said == "secrets/smtp__pasword: there is no setting smtp.pasword. Did you mean smtp.password?"


def test_other_files_among_the_secrets_are_left_alone(workspace: Workspace) -> None:
    folder = workspace("")
    (folder / "secrets" / "README").write_text("about secrets")
    (folder / "secrets" / "smtp__password").write_text(SECRET + "\r\n")
    assert load(folder).smtp.password.get_secret_value() == SECRET
