"""The weights by which languages are told apart, unpacked into files that are mapped into memory.

Packed as they come they take 0.7 s and 112 MB to load, and 55 MB from then on; a question touches
few of them.
"""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from index.core.conversion import convert_apart, is_whole, run, seal
from index.core.errors import ModelError
from index.core.files import replacing, sha256_of

_NAME_CHARS = 12
STOPLISTS = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "",
}
"""The languages that are told apart, with the name of their list of frequent words, if any."""


def open_identifier(folder: Path | None) -> LanguageIdentifier:
    """Return what tells languages apart, mapped from `folder`; they are unpacked there once.

    Without a folder, or with one that cannot be written, all of it is in memory.
    """
    if folder is None:
        return _packed()
    packed = MODEL_DIR / MODEL_FILE
    of = sha256_of(f"{sorted(STOPLISTS)} {packed.stat().st_size}")[:_NAME_CHARS]
    states, weights, rest = files = _files(folder / f"languages-{of}.npy")
    if not is_whole(*files):
        try:
            convert_apart("index.text.languages.weights", states, needs="50 MB", silent=True)
        except ModelError:
            return _packed()
    with np.load(rest) as small:
        return LanguageIdentifier(
            np.asarray(np.load(weights, mmap_mode="r")),
            small["priors"],
            small["classes"].tolist(),
            memoryview(np.load(states, mmap_mode="r")),
            array("i", small["features"].tobytes()),
            norm_probs=True,
            tk_row=small["rows"].tolist(),
        )


def _files(states: Path) -> tuple[Path, Path, Path]:
    """The files of the next states, of the weights of each feature, and of the rest."""
    return states, states.with_suffix(".weights.npy"), states.with_suffix(".npz")


def _packed() -> LanguageIdentifier:
    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(list(STOPLISTS))
    # One that never knew the other languages, whose weights take 28 MB.
    return LanguageIdentifier(
        made.nb_ptc,
        made.nb_pc,
        made.nb_classes,
        made.tk_nextmove,
        made.tk_output,
        norm_probs=True,
        tk_row=made.tk_row,
    )


def _unpack(file: Path) -> None:
    states, weights, rest = files = _files(file)
    packed = _packed()
    for path, values in (
        (states, np.asarray(packed.tk_nextmove)),
        (weights, np.asarray(packed.nb_ptc)),
    ):
        with replacing(path) as written, written.open("wb") as opened:
            np.save(opened, values)
    with replacing(rest) as written, written.open("wb") as opened:
        np.savez(
            opened,
            priors=packed.nb_pc,
            classes=np.array(packed.nb_classes),
            features=np.array(packed.tk_output, np.int32),
            rows=np.asarray(packed.tk_row),
        )
    seal(*files)


if __name__ == "__main__":
    run(_unpack, sys.argv[1:])
