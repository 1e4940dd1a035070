"""How calls travel over HTTP: addresses, bodies and files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from .errors import ApiError, Json, bad_request
from .requests import Request, Upload

if TYPE_CHECKING:
    from .server import FakeBotApi


class MethodHandler(RequestHandler):
    def initialize(self, api: FakeBotApi) -> None:
        self.api = api
        self.call: Request | None = None

    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        try:
            self.call = self.read_call(token, method)
        except ApiError as error:
            self.reply(error.status, error.to_json())
            return
        status, body = await self.api.answer(self.call)
        self.reply(status, body)

    def read_call(self, token: str, method: str) -> Request:
        if token != self.api.token:
            raise ApiError(401, "Unauthorized")
        values: dict[str, Any] = {}
        for name, arguments in self.request.arguments.items():
            values[name] = decode(arguments[-1])
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            try:
                values |= dict(json.loads(self.request.body or b"{}"))
            except (TypeError, ValueError) as error:
                raise bad_request("can't parse request body JSON object") from error
        files = {
            name: Upload(parts[0].filename, parts[0].content_type, parts[0].body)
            for name, parts in self.request.files.items()
        }
        return Request(method, values, files)

    def reply(self, status: int, body: Json | str) -> None:
        self.set_status(status)
        if isinstance(body, str):
            self.set_header("Content-Type", "text/html")
            self.finish(body)
        else:
            self.finish(body)

    def on_connection_close(self) -> None:
        if self.call is not None:
            self.call.gone.set()
            self.api.world.updates.wake()


def decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error


class FileHandler(RequestHandler):
    def initialize(self, api: FakeBotApi) -> None:
        self.api = api

    def get(self, token: str, path: str) -> None:
        files = self.api.world.files.values()
        file = next((file for file in files if file.path == path), None)
        if token != self.api.token or file is None:
            self.set_status(404)
            self.finish(ApiError(404, "Not Found").to_json())
            return
        self.set_header("Content-Type", file.mime_type)
        self.finish(file.content)


class UnknownHandler(RequestHandler):
    def prepare(self) -> None:
        self.set_status(404)
        self.finish(ApiError(404, "Not Found").to_json())
