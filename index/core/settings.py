"""Settings of the index: environment variables `ONRECORD_…`, or a `.env` file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic.config import JsonDict
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.core.files import sha256_of

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_READER = "onrecord"
DEFAULT_COLLECTION = "library"
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LIVE: JsonDict = {"live": True}
"""Marks a setting that can change while the program runs; others need a restart."""


class IndexSettings(BaseSettings):
    """Settings of the index; read once at start and passed on."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore")

    data: Path = Field(Path(".onrecord"), description="folder of the index")
    model: str = Field(DEFAULT_MODEL, description="a sentence-transformers name or folder")
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
        10_000_000, gt=0, description="a file that holds more characters of text is refused"
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
        return self.model_copy(
            update={"data": self._corpora / slug, "home": self.home or self.data}
        )
