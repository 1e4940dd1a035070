"""What the operator sets through the environment or a `.env` file, read once at start."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.i18n.language import AUTO, LANGUAGES, match_language, system_language
from index.core.settings import LIVE

TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class BotSettings(BaseSettings):
    """How the bot reaches Telegram, whom it answers and how much it takes on.

    Attributes:
        telegram_bot_token: what @BotFather gave; None leaves the terminal as the only front end.
        telegram_api_url: the root of the Bot API server, without a trailing slash.
        allowed: ids of the users and chats that are answered; empty for everybody.
        open_to_all: whether everybody may ask; None for everybody as long as `allowed` is empty.
        owner: the id of the user who may do everything; None for nobody.
        admins: ids of the users who may say who asks and who uploads.
        uploaders: ids of the users and chats that may add documents, beside owner and admins.
        queue_size: how many questions may wait while one is being answered.
        long_line: from which number in line on the asker is told it.
        waiting_per_user: how many messages of one user may wait.
        questions_per_minute: how many questions one user may ask in a minute.
        inline_per_minute: how many inline queries one user may make in a minute.
        concurrent_updates: how many calls to Telegram may run at once.
        messages_per_s: how many messages may leave in a second, over all chats.
        request_timeout_s: how long a call to Telegram may take before its answer is given up.
        max_file_mb: the largest file that is taken in; Telegram's own server hands out 20.
        uploads_per_chat: how many documents may be sent to one chat.
        upload_mb_per_chat: how many megabytes they may have together.
        metrics_port: where metrics and health are served; None for nowhere.
        metrics_host: the address of this machine on which they are served.
        log_format: lines for people, or a JSON object a line.
        log_level: nothing below it is logged while the bot runs.
        log_questions: whether the log may show what was asked.
        drain_s: how long what was begun may take to end when the process is told to stop.
        keep_days: how long answered questions are kept.
        webhook_url: where Telegram brings the updates to; None for polling.
        webhook_listen: the address of the interface that the webhook listens on.
        webhook_port: its port.
        webhook_secret: what Telegram shows with each update; None for one made at each start.
        interface: the language of the conversation in the terminal, or auto for that of the system.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        # An error would show the token.
        hide_input_in_errors=True,
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    allowed: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), validation_alias="ONRECORD_ALLOWED", json_schema_extra=LIVE
    )
    open_to_all: bool | None = Field(None, validation_alias="ONRECORD_OPEN", json_schema_extra=LIVE)
    owner: int | None = Field(None, gt=0, validation_alias="ONRECORD_OWNER", json_schema_extra=LIVE)
    admins: Annotated[frozenset[Annotated[int, Field(gt=0)]], NoDecode] = Field(
        frozenset(), validation_alias="ONRECORD_ADMINS", json_schema_extra=LIVE
    )
    uploaders: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), validation_alias="ONRECORD_UPLOADERS", json_schema_extra=LIVE
    )
    queue_size: int = Field(64, ge=1, le=10_000, validation_alias="ONRECORD_QUEUE_SIZE")
    long_line: int = Field(10, ge=1, validation_alias="ONRECORD_LONG_LINE", json_schema_extra=LIVE)
    waiting_per_user: int = Field(
        5, ge=1, validation_alias="ONRECORD_WAITING_PER_USER", json_schema_extra=LIVE
    )
    questions_per_minute: int = Field(
        20, ge=1, validation_alias="ONRECORD_QUESTIONS_PER_MINUTE", json_schema_extra=LIVE
    )
    inline_per_minute: int = Field(
        60, ge=1, validation_alias="ONRECORD_INLINE_PER_MINUTE", json_schema_extra=LIVE
    )
    concurrent_updates: int = Field(
        16, ge=1, le=256, validation_alias="ONRECORD_CONCURRENT_UPDATES"
    )
    messages_per_s: float = Field(30.0, gt=0, validation_alias="ONRECORD_MESSAGES_PER_S")
    request_timeout_s: float = Field(20.0, gt=0, validation_alias="ONRECORD_REQUEST_TIMEOUT_S")
    max_file_mb: float = Field(20.0, gt=0, validation_alias="ONRECORD_MAX_FILE_MB")
    uploads_per_chat: int = Field(100, ge=0, validation_alias="ONRECORD_UPLOADS_PER_CHAT")
    upload_mb_per_chat: float = Field(200.0, gt=0, validation_alias="ONRECORD_UPLOAD_MB_PER_CHAT")
    metrics_port: int | None = Field(None, ge=1, le=65535, validation_alias="ONRECORD_METRICS_PORT")
    metrics_host: str = Field("127.0.0.1", validation_alias="ONRECORD_METRICS_HOST")
    log_format: Literal["text", "json"] = Field(
        "text", validation_alias="ONRECORD_LOG_FORMAT", json_schema_extra=LIVE
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="ONRECORD_LOG_LEVEL", json_schema_extra=LIVE
    )
    log_questions: bool = Field(
        False, validation_alias="ONRECORD_LOG_QUESTIONS", json_schema_extra=LIVE
    )
    drain_s: float = Field(8.0, ge=0, validation_alias="ONRECORD_DRAIN_S")
    keep_days: float = Field(7.0, ge=0, validation_alias="ONRECORD_KEEP_DAYS")
    webhook_url: str | None = Field(None, validation_alias="ONRECORD_WEBHOOK_URL")
    webhook_listen: str = Field("127.0.0.1", validation_alias="ONRECORD_WEBHOOK_LISTEN")
    webhook_port: int = Field(8443, ge=0, le=65535, validation_alias="ONRECORD_WEBHOOK_PORT")
    webhook_secret: SecretStr | None = Field(None, validation_alias="ONRECORD_WEBHOOK_SECRET")

    interface: str = Field("en", validation_alias="ONRECORD_INTERFACE")

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

    @field_validator("interface")
    @classmethod
    def check_interface(cls, name: str) -> str:
        """Return the code of a language; for auto, of the first that the system names."""
        if name.strip().lower() == AUTO:
            return system_language()
        language = match_language(name)
        if language is None:
            raise ValueError(f"no language of ours; give one of {', '.join(LANGUAGES)} or {AUTO}")
        return language

    @field_validator("webhook_secret")
    @classmethod
    def check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        """Return a secret that Telegram takes."""
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
        """Return a name in lower case."""
        return name.strip().lower() if isinstance(name, str) else name

    @property
    def base_url(self) -> str:
        """Where the methods are, as python-telegram-bot expects it."""
        return f"{self.telegram_api_url}/bot"

    @property
    def base_file_url(self) -> str:
        """Where the files are, as python-telegram-bot expects it."""
        return f"{self.telegram_api_url}/file/bot"


def variable_of(settings: type[BaseSettings], field: str) -> str:
    """Return the environment variable that sets a field."""
    alias = settings.model_fields[field].validation_alias
    name = alias if isinstance(alias, str) else settings.model_config.get("env_prefix", "") + field
    return name.upper()


def read_settings() -> BotSettings:
    """Return the settings of the environment.

    Raises:
        SettingsError: a variable cannot be used; the text names it and the remedy.
    """
    try:
        return BotSettings()
    except ValidationError as error:
        raise unusable(BotSettings, error) from error


def unusable(settings: type[BaseSettings], invalid: ValidationError) -> SettingsError:
    """Return the error that names the first variable that cannot be used, without its value."""
    first = invalid.errors(include_url=False, include_input=False)[0]
    place = str(first["loc"][0])
    variable = variable_of(settings, place) if place in settings.model_fields else place.upper()
    return SettingsError(f"{variable}: {first['msg'].removeprefix('Value error, ')}")
