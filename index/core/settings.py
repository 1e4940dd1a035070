"""Settings of the index: environment variables `ONRECORD_…`, or a `.env` file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, SecretStr, field_validator
from pydantic.config import JsonDict
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.core.files import sha256_of

if TYPE_CHECKING:
    from sqlalchemy import URL

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
MULTILINGUAL_MODEL = "multilingual"
DEFAULT_READER = "onrecord"
DEFAULT_COLLECTION = "library"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_NO_DATABASE = (
    "not a database of ours; give one like postgresql+psycopg://USER:PASSWORD@HOST/NAME, with %XX "
    "for signs in the password that have a meaning in addresses"
)
_NO_MILVUS = (
    "not a Milvus server; give one like http://USER:PASSWORD@HOST:19530/DATABASE, or the path of a "
    "file ending in .db for Milvus Lite"
)
_NO_SERVERS = {"database_url": None, "milvus_uri": None}
LIVE: JsonDict = {"live": True}
"""Marks a setting that can change while the program runs; others need a restart."""


class IndexSettings(BaseSettings):
    """Settings of the index; read once at start and passed on."""

    model_config = SettingsConfigDict(
        env_prefix="ONRECORD_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,  # it would show the password of the database
    )

    data: Path = Field(Path(".onrecord"), description="folder of the index")
    database_url: SecretStr | None = Field(
        None,
        description="a PostgreSQL database, `postgresql+psycopg://USER:PASSWORD@HOST/NAME`, that "
        "several bots share; unset, files in the folder of the index",
    )
    milvus_uri: SecretStr | None = Field(
        None,
        description="a Milvus server that keeps vectors and words, "
        "`http://USER:PASSWORD@HOST:19530/DATABASE`; unset, files in the folder of the index",
    )
    model: str = Field(
        DEFAULT_MODEL,
        description="`multilingual`: the one of the extra `multilingual`, for documents and "
        "questions in many languages; else a sentence-transformers name or folder",
    )
    home: Path | None = Field(
        None, description="folder of what several indexes share; unset, that of the index"
    )
    reader: str = Field(
        DEFAULT_READER,
        description="`onrecord`: the one that ships; `embedding`: none that was trained; else the "
        "folder of a trained reader, or a Hugging Face model that marks answers or scores pairs",
    )
    language: str = Field("english", description="Snowball stemmer for word search")
    max_file_mb: float = Field(20.0, gt=0, description="larger files are refused, in megabytes")
    fetch_seconds: float = Field(
        30.0, gt=0, description="a URL that takes longer to fetch is given up"
    )
    fetch_private: bool = Field(
        False, description="allow URLs of hosts outside the public internet, as on an intranet"
    )
    parse_memory_mb: int = Field(
        2048, ge=256, description="a file that takes more memory to read is refused, in megabytes"
    )
    parse_seconds: float = Field(
        60.0, gt=0, description="a file that takes longer to read is refused, in seconds"
    )
    ocr_languages: str = Field(
        "eng",
        pattern=r"^(?:\w+(?:\+\w+)*)?$",
        description="languages in which Tesseract reads pages and pictures without text, such as "
        "`deu+eng`; empty for not at all",
    )
    ocr_pages: int = Field(100, ge=0, description="pages of a file that are read by OCR")
    ocr_seconds: float = Field(
        600.0, gt=0, description="OCR of a file that takes longer leaves out its other pages"
    )
    max_characters: int = Field(
        7_500_000, gt=0, description="a file that holds more characters of text is refused"
    )
    max_sentences: int = Field(
        200_000, gt=0, description="a file that holds more sentences is refused"
    )
    max_passages: int = Field(
        20_000, gt=0, description="a file that makes more passages to embed is refused"
    )
    min_confidence: float | None = Field(
        None,
        ge=0,
        le=1,
        description="below this an answer is shown as unsure, or withheld; unset, as fitted",
        json_schema_extra=LIVE,
    )

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, given: SecretStr | None) -> SecretStr | None:
        """Return the URL of a PostgreSQL database; "" stands for none."""
        if given is None or not given.get_secret_value().strip():
            return None
        # Parsers run without SQLAlchemy, which is slow to import.
        from sqlalchemy import make_url  # noqa: PLC0415
        from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

        try:
            url = make_url(given.get_secret_value().strip())
        except (ArgumentError, ValueError) as error:
            raise ValueError(_NO_DATABASE) from error
        if url.get_backend_name() != "postgresql" or not url.database or "password" in url.query:
            raise ValueError(_NO_DATABASE)
        url = url.set(drivername="postgresql+psycopg")
        return SecretStr(url.render_as_string(hide_password=False))

    @property
    def database(self) -> URL | None:
        """The database on a server; its text masks the password. None for files."""
        if self.database_url is None:
            return None
        from sqlalchemy import make_url  # noqa: PLC0415

        return make_url(self.database_url.get_secret_value())

    @field_validator("milvus_uri")
    @classmethod
    def check_milvus_uri(cls, given: SecretStr | None) -> SecretStr | None:
        """Return the address of a server, or the path of a file of Milvus Lite; "" for none."""
        if given is None or not (address := given.get_secret_value().strip()):
            return None
        if _milvus_url(address) is None:
            raise ValueError(_NO_MILVUS)
        return SecretStr(address)

    @property
    def milvus(self) -> URL | None:
        """The Milvus server; its text masks the password. None for files."""
        given = self.milvus_uri
        return None if given is None else _milvus_url(given.get_secret_value())

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """Folders without documents, in case the index lies inside the folder of documents."""
        return (self.data, self.derived_folder, self.models_folder, self._corpora)

    @property
    def derived_folder(self) -> Path:
        return self.data / "derived"

    @property
    def _corpora(self) -> Path:
        return self.data / "eval"

    @property
    def models_folder(self) -> Path:
        """The folder of models converted for a quick start."""
        return (self.home or self.data) / "models"

    @property
    def fitted_file(self) -> Path:
        """The calibration fitted to the user's own questions; may be missing."""
        return (self.home or self.data) / "fitted.json"

    def for_corpus(self, corpus: Path) -> IndexSettings:
        """Return the settings of an index of its own for a corpus, beside the library's."""
        location = str(corpus.resolve())
        slug = f"{corpus.resolve().name}-{sha256_of(location)[:8]}"
        apart = {"data": self._corpora / slug, "home": self.home or self.data, **_NO_SERVERS}
        return self.model_copy(update=apart)


def _milvus_url(address: str) -> URL | None:
    from sqlalchemy import make_url  # noqa: PLC0415  # see `check_database_url`
    from sqlalchemy.engine import URL  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    if "://" not in address:
        return URL.create("file", database=address) if address.endswith(".db") else None
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return None
    return url if url.drivername in {"http", "https"} and url.host and not url.query else None
