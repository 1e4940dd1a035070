"""Settings of the index: environment variables `ONRECORD_…`, or a `.env` file."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_COLLECTION = "library"
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class IndexSettings(BaseSettings):
    """Where the index lies and how it is made; read once at start and passed on."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", env_file=".env", extra="ignore")

    data: Path = Field(Path(".onrecord"), description="folder of the index")
    model: str = Field(DEFAULT_MODEL, description="a sentence-transformers name or folder")
    language: str = Field("english", description="Snowball stemmer for word search")
    max_file_mb: float = Field(20.0, gt=0, description="larger files are refused, in megabytes")
    min_confidence: float | None = Field(
        None, ge=0, le=1, description="below this an answer is withheld; unset, as fitted"
    )
