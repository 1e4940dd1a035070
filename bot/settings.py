"""Settings of the bot, from the environment or a `.env` file, read once at start."""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.i18n.language import AUTO, LANGUAGES, match_language, system_language
from index.core.settings import LIVE

TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
TELEGRAM_URL = "https://api.telegram.org"
TELEGRAM_FILE_MB = 20.0
MAX_PORT = 65535
WEB_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}(?:=[^,\s]+)?")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
Ids = Annotated[frozenset[int], NoDecode]
UserId = Annotated[int, Field(gt=0)]
UserIds = Annotated[frozenset[UserId], NoDecode]
Settings = TypeVar("Settings", bound=BaseSettings)


class BotSettings(BaseSettings):
    """The connection to Telegram, the rights of users and the limits of the bot."""

    model_config = SettingsConfigDict(
        env_prefix="ONRECORD_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        # An error would show the token.
        hide_input_in_errors=True,
    )

    # None leaves the terminal as the only front end.
    telegram_bot_token: SecretStr | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    # The root of the Bot API server, without a trailing slash.
    telegram_api_url: str = Field(TELEGRAM_URL, validation_alias="TELEGRAM_API_URL")
    allowed: Ids = Field(frozenset(), json_schema_extra=LIVE)  # users and chats; none for everybody
    # Whether everybody may ask; None for everybody as long as `allowed` is empty.
    open_to_all: bool | None = Field(None, validation_alias="ONRECORD_OPEN", json_schema_extra=LIVE)
    owner: UserId | None = Field(None, json_schema_extra=LIVE)
    admins: UserIds = Field(frozenset(), json_schema_extra=LIVE)  # decide who asks and who uploads
    uploaders: Ids = Field(frozenset(), json_schema_extra=LIVE)  # users and chats, beside admins
    queue_size: int = Field(64, ge=1, le=10_000)  # questions that may wait while one is answered
    long_line: int = Field(10, ge=1, json_schema_extra=LIVE)  # from here on the asker is informed
    waiting_per_user: int = Field(5, ge=1, json_schema_extra=LIVE)
    questions_per_minute: int = Field(20, ge=1, json_schema_extra=LIVE)
    # Of one user and of any kind; those beyond it are dropped.
    updates_per_minute: int = Field(120, ge=1, json_schema_extra=LIVE)
    inline_per_minute: int = Field(60, ge=1, json_schema_extra=LIVE)
    concurrent_updates: int = Field(16, ge=1, le=256)  # calls to Telegram at once
    messages_per_s: float = Field(30.0, gt=0)
    request_timeout_s: float = Field(20.0, gt=0)
    max_file_mb: float = Field(20.0, gt=0)  # of an upload; Telegram itself hands out 20
    uploads_per_chat: int = Field(100, ge=0)
    upload_mb_per_chat: float = Field(200.0, gt=0)
    clippings_per_chat: int = Field(500, ge=0, le=5000)
    metrics_port: int | None = Field(None, ge=1, le=65535)  # None for nowhere
    metrics_host: str = "127.0.0.1"
    log_format: Literal["text", "json"] = Field("text", json_schema_extra=LIVE)
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", json_schema_extra=LIVE)
    log_questions: bool = Field(False, json_schema_extra=LIVE)
    drain_s: float = Field(8.0, ge=0)  # to finish begun answers when the process is stopped
    keep_days: float = Field(7.0, ge=0)
    webhook_url: str | None = None  # None for polling
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(8443, ge=0, le=65535)
    webhook_secret: SecretStr | None = None  # None for one made of the token
    web: str | None = None  # host:port of the reading room beside the bot; None for nowhere
    # Its address for people, as behind a proxy; the bot links to it.
    web_url: str | None = None
    web_token: SecretStr | None = None  # None: everybody on this machine, and nobody else, may read
    web_link_days: float = Field(7.0, gt=0)  # how long a link in a chat opens its document
    web_per_minute: int = Field(
        60, ge=1, json_schema_extra=LIVE
    )  # questions and checks of one address
    interface: str = "en"  # the language of the terminal, or auto for that of the system

    @field_validator("telegram_bot_token")
    @classmethod
    def check_token(cls, token: SecretStr | None) -> SecretStr | None:
        """Return the token without white space around it."""
        stripped = token.get_secret_value().strip() if token else ""
        if not stripped:
            return None
        if not TOKEN.fullmatch(stripped):
            raise ValueError("not a bot token; @BotFather gives one like 123456789:AAE...")
        return SecretStr(stripped)

    @field_validator("telegram_api_url")
    @classmethod
    def check_url(cls, url: str) -> str:
        """Return the URL without a trailing slash."""
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("not a server address; give one like https://api.telegram.org")
        if parts.query or parts.fragment:
            raise ValueError("a server address has neither ? nor #; give only its root")
        return url.strip().rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def check_webhook(cls, url: str | None) -> str | None:
        """Return the URL; over plain HTTP only for a Bot API server of one's own."""
        parts = urlsplit((url or "").strip())
        if url is not None and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("not a web address; give one like https://bot.example.org/telegram")
        return url.strip() if url else None

    @field_validator("web")
    @classmethod
    def check_address(cls, address: str | None) -> str | None:
        """Return an address to listen on."""
        if address is not None:
            split_address(address)
        return address

    @field_validator("web_url")
    @classmethod
    def check_web_url(cls, url: str | None) -> str | None:
        """Return the root of the reading room, without a trailing slash."""
        parts = urlsplit((url or "").strip())
        is_root = not (parts.path.strip("/") or parts.query or parts.fragment)
        if url is not None and not (
            parts.scheme in {"http", "https"} and parts.hostname and is_root
        ):
            raise ValueError("not the root of a web site; give one like https://read.example.org")
        return url.strip().rstrip("/") if url else None

    @property
    def opens_in_telegram(self) -> bool:
        """Whether the reading room opens inside of Telegram, which takes encrypted pages alone."""
        return self.web is not None and (self.web_url or "").startswith("https://")

    @field_validator("web_token")
    @classmethod
    def check_web_token(cls, token: SecretStr | None) -> SecretStr | None:
        """Return tokens that are hard to guess."""
        for given in token.get_secret_value().split(",") if token else ():
            if not WEB_TOKEN.fullmatch(given.strip()):
                raise ValueError(
                    "not a token; use 16 or more of A-Z a-z 0-9 _ -, followed by =COLLECTION if it "
                    "is to open that one alone; put commas between several"
                )
        return token

    @field_validator("interface")
    @classmethod
    def check_interface(cls, name: str) -> str:
        """Return the code of a language; for auto, that of the system."""
        if name.strip().lower() == AUTO:
            return system_language()
        language = match_language(name)
        if language is None:
            raise ValueError(f"no language of ours; give one of {', '.join(LANGUAGES)} or {AUTO}")
        return language

    @field_validator("webhook_secret")
    @classmethod
    def check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        """Return a secret that Telegram accepts."""
        if secret is not None and not SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("not a webhook secret; use 1 to 256 of A-Z a-z 0-9 _ -")
        return secret

    @field_validator("allowed", "admins", "uploaders", mode="before")
    @classmethod
    def split_ids(cls, ids: object) -> object:
        """Return the ids of a comma-separated list."""
        if not isinstance(ids, str):
            return ids
        items = [item.strip() for item in ids.split(",")]
        try:
            return frozenset(int(item) for item in items if item)
        except ValueError as error:
            raise ValueError(
                "not a list of ids; give whole numbers such as 1234,-1005678"
            ) from error

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def fold_case(cls, name: object) -> object:
        return name.strip().lower() if isinstance(name, str) else name

    @property
    def base_url(self) -> str:
        """The root of the methods, as python-telegram-bot expects it."""
        return f"{self.telegram_api_url}/bot"

    @property
    def web_tokens(self) -> dict[str, str]:
        """The collection that each token opens, "" for all that are shared."""
        given = self.web_token.get_secret_value().split(",") if self.web_token else []
        pairs = (token.strip().partition("=") for token in given)
        return {token: collection for token, _, collection in pairs}

    @property
    def download_mb(self) -> float:
        """The size of files that the server hands over; a server of one's own has no limit."""
        return TELEGRAM_FILE_MB if self.telegram_api_url == TELEGRAM_URL else math.inf

    @property
    def base_file_url(self) -> str:
        """The root of the files, as python-telegram-bot expects it."""
        return f"{self.telegram_api_url}/file/bot"


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of "127.0.0.1:8080" or "[::1]:8080".

    Raises:
        ValueError: it is something else.
    """
    host, colon, port = address.strip().rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) <= MAX_PORT):
        raise ValueError(f"{address!r} is no address to listen on; give one like 127.0.0.1:8080")
    return host.removeprefix("[").removesuffix("]"), int(port)


def variable_of(settings: type[BaseSettings], field: str) -> str:
    """Return the environment variable that sets a field."""
    alias = settings.model_fields[field].validation_alias
    name = alias if isinstance(alias, str) else settings.model_config.get("env_prefix", "") + field
    return name.upper()


def from_environment(settings: type[Settings]) -> Settings:
    """Return the settings of the environment.

    Raises:
        SettingsError: names the first variable that cannot be used and the remedy, not its value.
    """
    try:
        return settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = str(first["loc"][0])
        variable = variable_of(settings, place) if place in settings.model_fields else place.upper()
        text = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{variable}: {text}") from error
