"""Who may ask, and how often. Both checks are off unless set."""

from __future__ import annotations

import hmac
import ipaddress
import math
import time

import limits
from fastapi import Request
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from backend.api.problems import RateLimited, Unauthorized
from backend.settings import Settings


def client_address(request: Request) -> str:
    """The address a client is known by: an IPv4 address, or the /64 network of an IPv6 one."""
    address = request.client.host if request.client else "unknown"
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 6:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


class Guard:
    """Checks API keys and the rate limit of one application."""

    def __init__(self, settings: Settings) -> None:
        self._keys = [key.get_secret_value().encode() for key in settings.api_keys]
        self._rate = limits.parse(settings.rate_limit) if settings.rate_limit else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check_key(self, given: str | None) -> None:
        """Compare in constant time.

        Raises:
            Unauthorized: keys are set and this is none of them.
        """
        if not self._keys:
            return
        presented = (given or "").encode()
        # Every key is compared, so the time does not tell which one is close.
        if not sum(hmac.compare_digest(presented, key) for key in self._keys):
            raise Unauthorized("Send a valid API key: Authorization: Bearer, or X-API-Key.")

    async def count(self, request: Request, pictures: int) -> None:
        """Count pictures against the client's rate.

        Raises:
            RateLimited: the client has sent too many.
        """
        if not self._rate or not pictures:
            return
        client = client_address(request)
        if await self._limiter.hit(self._rate, client, cost=pictures):
            return
        window = await self._limiter.get_window_stats(self._rate, client)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise RateLimited(
            f"One client may send {self._rate} picture(s). Send fewer, or try again in {wait} s.",
            wait,
        )
