"""Embeds all stored passages with another model, and changes the index to it at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from index.core.documents import Progress
from index.core.settings import IndexSettings
from index.ingest.prepare import Tokens, prefix_of, shorten
from index.models import Embedder
from index.models.loading import open_embedder
from index.store.revisions import Unstaged
from index.store.store import Store

_STAGED_AT_ONCE = 32


def change_model(
    store: Store,
    embedder: Embedder,
    lock: AbstractContextManager[None],
    progress: Progress | None = None,
) -> bool:
    """Make the vectors of a store those of another model; return whether anything was to do.

    Until the last vector is there the old ones answer, in this process and in others, which may
    add documents meanwhile. A killed change goes on where it was. Passages stay as they were cut.

    Raises:
        ModelError: the model cannot be loaded.
    """
    if store.model() in {None, embedder.name}:
        return False
    change, tokens = store.model_change, Tokens.of(embedder)
    change.begin(embedder.name)
    done, total = change.counts()

    def embed_missing() -> None:
        nonlocal done
        for batch in change.unstaged():
            for start in range(0, len(batch), _STAGED_AT_ONCE):
                part = batch[start : start + _STAGED_AT_ONCE]
                vectors = embedder.embed_passages(_texts(part, tokens))
                keys = [item.sha256 for item in part]
                change.stage(dict(zip(keys, vectors, strict=True)))
                done += len(part)
                if progress is not None:
                    progress(done, max(done, total))

    embed_missing()
    with lock:  # nobody adds documents now
        embed_missing()
        change.finish(embedder.name, embedder.dimension)
    return True


def change_model_in(settings: IndexSettings, progress: Progress | None = None) -> bool:
    """Change the index of some settings to their model; see `change_model`."""
    store = Store(settings.data / "index.db", settings.database)
    try:
        embedder = open_embedder(settings.model, settings.models_folder)
        changed = change_model(
            store, embedder, store.lock(settings.data / "writing.lock"), progress
        )
        if changed:  # else the next to open it reports vectors of another model
            (settings.derived_folder / "vectors.faiss").unlink(missing_ok=True)
            (settings.derived_folder / "vectors.json").unlink(missing_ok=True)
        return changed
    finally:
        store.close()


def _texts(items: Sequence[Unstaged], tokens: Tokens) -> list[str]:
    """The texts as they were embedded, but for the length that the model allows their line."""
    lines = (prefix_of(item.published, item.title, item.heading) for item in items)
    return [shorten(line, tokens)[0] + item.text for line, item in zip(lines, items, strict=True)]
