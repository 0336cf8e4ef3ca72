"""Somebody who is logged in to the console, and her browser."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from outreach.domain.users import EVERYTHING, Role, UserState
from outreach.store.tables import Sitting, User, UserRole
from outreach.store.users import digest_of
from outreach.web.app import build_app
from tests.web.visit import HOST, Visit

FROM_OUR_PAGE = {"sec-fetch-site": "same-origin"}


@dataclass
class Seated:
    """A person at the console; ``cookies`` are her browser's, kept from page to page as a browser does."""

    visit: Visit
    user: User
    web: FastAPI
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """As a form of ours posts it; the page that it leads to is not fetched."""
        return self.request("POST", path, data=data or {}, headers=FROM_OUR_PAGE, **options)

    def does(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """The same, and the page that it leads to."""
        done = self.post(path, data, **options)
        assert done.status_code == 303, (done.status_code, done.text[:2000])
        return self.get(done.headers["location"])

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def visited() -> httpx.Response:
            transport = httpx.ASGITransport(self.web)
            async with httpx.AsyncClient(transport=transport, base_url=HOST, cookies=self.cookies) as client:
                answer = await client.request(method, path, **options)
                self.cookies = client.cookies
                return answer

        return asyncio.run(visited())


def seated(visit: Visit, role: Role = Role.COORDINATOR, *, call_id: int = EVERYTHING, name: str = "Rosa") -> Seated:
    """A person with that role for everything, or for one call, who has just logged in."""
    now, token = visit.clock.now(), f"token of {name}"
    with visit.app.database.changing() as session:
        user = User(
            address=f"{name.lower()}@coalition.example",
            name=name,
            state=UserState.ACTIVE,
            invited_at=now,
            created_at=now,
        )
        session.add(user)
        session.flush()
        session.add(UserRole(user_id=user.id or 0, call_id=call_id, role=role))
        session.add(
            Sitting(
                digest=digest_of(token),
                user_id=user.id or 0,
                complete=True,
                since=now,
                seen_at=now,
                ends_at=now + timedelta(days=7),
            )
        )
    person = Seated(visit, user, build_app(visit.app, on_change=lambda: visit.woken.append(True)))
    person.cookies.set("outreach", token, domain="127.0.0.1")
    return person
