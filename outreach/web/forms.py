"""Reads what a form posts, and refuses what another site posts in a reader's name."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from outreach.web.desk import desk_of

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 100
FROM_ELSEWHERE = 403
UNREADABLE = 400


async def _posted(request: Request) -> Mapping[str, str]:
    """The fields, urlencoded or multipart; none for anything that is no form. Files are refused, not stored."""
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    except HTTPException as error:
        if error.status_code != UNREADABLE:
            raise
        return {}
    return {name: value for name, value in form.items() if isinstance(value, str)}


Posted = Annotated[Mapping[str, str], Depends(_posted)]


def comes_from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site makes this request (Fetch Metadata; where it is missing, Origin).

    Our own pages ask for no referrer, so that older browsers write "null" as their Origin: that is let through,
    because nothing can be done here without the token in the address.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return request.headers.get("origin", "null") not in {"null", *own_origins(request)}


def own_origins(request: Request) -> set[str]:
    """What a browser calls this site in Origin: the address in the settings, and the one that this request used."""
    return {
        desk_of(request).house.settings.workspace.base_url,
        f"{request.url.scheme}://{request.headers.get('host')}",
    }


async def _from_our_page(request: Request) -> None:
    if comes_from_elsewhere(request):
        raise HTTPException(FROM_ELSEWHERE)


FromOurPage = Depends(_from_our_page)
