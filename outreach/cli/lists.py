"""What commands share that read or write a table: columns by name, a bar on the terminal, a count of rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach.domain.errors import InvalidInput, Refusal
from outreach.usecases.import_contacts import Progress

Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="What a column holds; may be repeated."),
]
TableFile = Annotated[Path, typer.Argument(metavar="FILE", help="Where to: .xlsx for a spreadsheet, else CSV.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]
REFUSALS_SHOWN = 20


def columns_of(pairs: Sequence[str] | None) -> dict[str, str]:
    """The fields that ``--map`` names, by column. Raises InvalidInput for what is not COLUMN=FIELD."""
    chosen = {}
    for pair in pairs or ():
        column, sign, field = pair.rpartition("=")
        if not sign or not column.strip() or not field.strip():
            raise InvalidInput(
                f'--map "{pair}" is not understood: write COLUMN=FIELD, for example --map "Mail=email".'
            )
        chosen[column] = field
    return chosen


def write_table(file: Path, header: Sequence[str], rows: Iterator[tuple[str, ...]], *, replace: bool) -> int:
    """Write a table, a spreadsheet if the file is named so; how many rows. Raises Refusal when it cannot be."""
    from outreach.adapters.tables import write_csv, write_xlsx

    if file.exists() and not replace:
        raise Refusal(f"{file} is there already. Name another file, or add --replace.")
    write = write_xlsx if file.suffix.lower() == ".xlsx" else write_csv
    counted = _Counted(rows)
    try:
        write(file, header, counted)
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from None
    return counted.count


class _Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterator[tuple[str, ...]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for row in self._rows:
            self.count += 1
            yield row


@contextmanager
def progress(rows: int) -> Iterator[Progress]:
    """A bar on standard error while a person looks on; silence otherwise."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage.capitalize(), total=rows)
            bar.update(tasks[stage], completed=done)

        yield tell
