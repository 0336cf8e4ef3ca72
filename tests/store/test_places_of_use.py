"""What a database's place is known by: nothing that changes by itself, and nothing that a clone has as well."""

from pathlib import Path

import pytest

from outreach.domain.generations import is_elsewhere
from outreach.store.database import Database
from outreach.store.places_of_use import machine, place_of_use

ID = "3d1219c7c4c5404aaa1f6d2a48adfda4"


def made(root: Path, *cards: str, **files: str) -> dict[str, str]:
    """What is found on a machine with these network cards, and these files under their last names."""
    places = {
        "machine_id": "etc/machine-id",
        "instance_id": "var/lib/cloud/data/instance-id",
        "product_uuid": "sys/class/dmi/id/product_uuid",
    }
    texts = {places[name]: text for name, text in files.items()}
    for number, address in enumerate(cards):
        texts |= {f"sys/class/net/eth{number}/address": address, f"sys/class/net/eth{number}/device/x": ""}
        texts |= {f"sys/class/net/eth{number}/addr_assign_type": "0"}
    texts |= {"sys/class/net/docker0/address": f"02:{root.name}", "sys/class/net/docker0/addr_assign_type": "3"}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{text}\n", encoding="utf-8")
    return machine(root)


@pytest.mark.parametrize(
    ("then", "now", "other"),
    [
        ({"machine_id": ID}, {"machine_id": ID}, False),
        ({"machine_id": ID}, {"machine_id": ID[::-1]}, True),
        ({"machine_id": ID}, {"machine_id": "uninitialized"}, False),
        ({"machine_id": ID}, {}, False),
        ({"machine_id": ID, "instance_id": "i-1"}, {"machine_id": ID, "instance_id": "i-2"}, True),
        ({"product_uuid": "4c4c4544"}, {"product_uuid": "4c4c4545"}, True),
        ({"product_uuid": "4c4c4544"}, {"machine_id": ID}, False),
    ],
)
def test_a_machine_is_another_one_if_something_that_is_known_of_both_differs(
    tmp_path: Path, then: dict[str, str], now: dict[str, str], *, other: bool
) -> None:
    assert is_elsewhere(made(tmp_path / "then", **then), made(tmp_path / "now", **now)) is other


@pytest.mark.parametrize(
    ("then", "now", "other"),
    [
        (("52:54:00:00:00:01",), ("52:54:00:00:00:01",), False),
        (("52:54:00:00:00:01",), ("52:54:00:00:00:02",), True),
        (("52:54:00:00:00:01",), ("52:54:00:00:00:02", "52:54:00:00:00:01"), False),
        (("52:54:00:00:00:01",), (), False),
    ],
)
def test_a_clone_with_its_originals_machine_id_is_known_by_its_network_cards(
    tmp_path: Path, then: tuple[str, ...], now: tuple[str, ...], *, other: bool
) -> None:
    before, after = made(tmp_path / "then", *then, machine_id=ID), made(tmp_path / "now", *now, machine_id=ID)
    assert is_elsewhere(before, after) is other


def test_what_is_kept_of_a_machine_does_not_say_its_id(tmp_path: Path) -> None:
    found = made(tmp_path, "52:54:00:00:00:01", machine_id=ID, instance_id="i-1")
    assert ID not in str(found)
    assert "52:54" not in str(found)


def test_a_database_is_where_it_was(database: Database) -> None:
    with database.reading() as session:
        first, second = place_of_use(session), place_of_use(session)
    assert first == second
    assert first["file" if database.is_sqlite else "system"]
    assert not is_elsewhere(first, second)
