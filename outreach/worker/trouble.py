"""What went wrong, said without the data that it went wrong with: it may stand in a log."""

import traceback
from pathlib import Path

from outreach.domain.errors import Refusal


def described(error: BaseException) -> str:
    """One sentence for a log: a refusal's own words, what a database's driver says, or where a defect showed."""
    if isinstance(error, Refusal):
        code = getattr(getattr(error.__cause__, "orig", None), "sqlite_errorname", "")  # busy in one of ten ways
        return f"{error} ({code})" if code else str(error)
    said = str(getattr(error, "orig", "")).partition("\n")[0]  # what follows the first line quotes the row
    if said:
        return f"The database says: {said}."
    places = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(places[-1].filename).name}, line {places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{where}."
