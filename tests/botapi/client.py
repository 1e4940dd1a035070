"""A plain call, for what the bot's library hides or never asks."""

from typing import Any

import httpx

from .server import FakeBotApi


async def call(api: FakeBotApi, method: str, **params: Any) -> httpx.Response:
    # Reading the certificates would take longer than the call.
    async with httpx.AsyncClient(verify=False) as client:
        return await client.post(f"{api.base_url}{api.token}/{method}", json=params)
