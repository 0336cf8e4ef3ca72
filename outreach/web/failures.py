"""The pages for what is not there, not allowed, or failed: short, neutral, and the same for everybody."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.web.desk import desk_of
from outreach.web.showing import notice

FIRST_OF_OURS = 500
RETRY_SECONDS = "30"


def failure(request: Request, code: int) -> Response:
    """The page for a failure with that HTTP status."""
    desk = desk_of(request)
    words = desk.words_for_stranger(request)
    title, text = {
        403: (words.refused_title, words.refused),
        404: (words.not_found_title, words.not_found),
        405: (words.not_allowed_title, words.not_allowed),
        429: (words.too_many_title, words.too_many),
    }.get(code, (words.unreadable_title, words.unreadable))
    if code >= FIRST_OF_OURS:
        title, text = words.failed_title, words.failed
    answer = notice(words, desk.house, title, text, code=code)
    if code == 503:  # noqa: PLR2004  the database is busy, which passes
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def add_failure_pages(web: FastAPI) -> None:
    """Let all failures that FastAPI knows of be shown as our pages."""

    @web.exception_handler(HTTPException)
    async def _of_http(request: Request, error: HTTPException) -> Response:
        answer = failure(request, error.status_code)
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer

    @web.exception_handler(RequestValidationError)
    async def _of_input(request: Request, _error: RequestValidationError) -> Response:
        return failure(request, 422)
