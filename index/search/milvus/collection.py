"""One Milvus collection: passages as vectors and as the terms of their words."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.core.documents import Vector
from index.core.errors import ServerError, StoreError
from index.store.queries import batches

if TYPE_CHECKING:
    from pymilvus import MilvusClient
    from sqlalchemy import URL

_TIMEOUT_S = 10.0
_MARK = -1  # the id of the row that says which state of which store all others are of
_NO_PARTITION = "-"
_MAX_TERMS_BYTES = 65_535
_PARTITIONS = 64
_BM25 = {"bm25_k1": 1.2, "bm25_b": 0.75}
_PAGE = 10_000

Found = list[tuple[int, float]]


class PassageCollection:
    """Reads and writes one collection of a server; every call ends within seconds.

    All methods raise ServerError if the server is out of reach, StoreError if it refuses.
    """

    def __init__(self, url: URL, name: str, dimension: int) -> None:
        self.place = url.render_as_string(hide_password=True)
        self.name = name
        self._dimension = dimension
        with self._reaching():
            self._client = _connect(url)

    def exists(self) -> bool:
        with self._reaching():
            return bool(self._client.has_collection(self.name, timeout=_TIMEOUT_S))

    def open(self) -> None:
        """Make the collection if there is none, and have the server load it."""
        with self._reaching():
            if not self._client.has_collection(self.name, timeout=_TIMEOUT_S):
                self._create()
            self._client.load_collection(self.name, timeout=6 * _TIMEOUT_S)

    def close(self) -> None:
        self._client.close()

    def mark(self) -> str:
        """Return the state that was noted last, "" for none."""
        rows = self._query(f"id == {_MARK}", ["terms"], "Strong")
        return str(rows[0]["terms"]) if rows else ""

    def set_mark(self, state: str) -> None:
        vector = [1.0] * self._dimension
        row = {"id": _MARK, "partition": _NO_PARTITION, "terms": state, "vector": vector}
        with self._reaching():
            self._client.upsert(self.name, [row], timeout=_TIMEOUT_S)

    def ids(self) -> NDArray[np.int64]:
        """Return the ids of all passages: shape (n,), ascending."""
        found: list[int] = []
        with self._reaching():
            pages = self._client.query_iterator(
                self.name,
                batch_size=_PAGE,
                filter="id >= 0",
                output_fields=["id"],
                timeout=_TIMEOUT_S,
                consistency_level="Strong",
            )
            while page := pages.next():
                found += [row["id"] for row in page]
            pages.close()
        return np.unique(np.asarray(found, np.int64))

    def put(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add passages (`id`, `partition`, `terms`, `vector`), each in place of the one held."""
        for batch in batches(rows):
            with self._reaching():
                self._client.upsert(self.name, list(map(dict, batch)), timeout=6 * _TIMEOUT_S)

    def delete(self, ids: Collection[int]) -> None:
        for batch in batches(ids):
            with self._reaching():
                self._client.delete(self.name, ids=batch, timeout=_TIMEOUT_S)

    def nearest(self, vector: Vector, k: int, within: str, level: str) -> Found:
        """Return up to `k` (id, cosine), best first."""
        return self._search("vector", vector.tolist(), "IP", k, (within, level))

    def best(self, terms: Sequence[str], k: int, within: str, level: str) -> Found:
        """Return up to `k` (id, BM25) of the passages with some of the terms, best first."""
        text = " ".join(map(token, terms))
        found = self._search("sparse", text, "BM25", k, (within, level))
        # Milvus Lite negates the scores.
        scored = [(at, abs(score)) for at, score in found if score]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))

    def vectors(self, ids: Sequence[int], level: str) -> dict[int, Vector]:
        """Return the vectors of these passages; any not held is left out."""
        rows = [
            row
            for batch in batches(ids)
            for row in self._query(f"id in {batch}", ["id", "vector"], level)
        ]
        return {row["id"]: np.asarray(row["vector"], np.float32) for row in rows}

    def has_term(self, term: str, within: str, level: str) -> bool:
        wanted = f"TEXT_MATCH(terms, {json.dumps(token(term))}) and {within}"
        return bool(self._query(wanted, ["id"], level, limit=1))

    def drop(self) -> None:
        with self._reaching():
            self._client.drop_collection(self.name, timeout=6 * _TIMEOUT_S)

    def _search(
        self, field: str, wanted: Any, metric: str, k: int, where: tuple[str, str]
    ) -> Found:
        with self._reaching():
            (hits,) = self._client.search(
                self.name,
                data=[wanted],
                anns_field=field,
                search_params={"metric_type": metric},
                limit=k,
                filter=where[0],
                output_fields=["id"],
                timeout=_TIMEOUT_S,
                consistency_level=where[1],
            )
        found = [(int(hit["id"]), float(hit["distance"])) for hit in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _query(
        self, wanted: str, fields: list[str], level: str, limit: int | None = None
    ) -> list[dict[str, Any]]:
        more = {} if limit is None else {"limit": limit}
        with self._reaching():
            return list(
                self._client.query(
                    self.name,
                    filter=wanted,
                    output_fields=fields,
                    timeout=_TIMEOUT_S,
                    consistency_level=level,
                    **more,
                )
            )

    def _create(self) -> None:
        from pymilvus import DataType, Function, FunctionType  # noqa: PLC0415  # see `_connect`

        schema = self._client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("partition", DataType.VARCHAR, max_length=64, is_partition_key=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        schema.add_field(
            "terms",
            DataType.VARCHAR,
            max_length=_MAX_TERMS_BYTES,
            enable_analyzer=True,
            enable_match=True,
            analyzer_params={"tokenizer": "standard"},
        )
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        words = Function(
            name="bm25",
            function_type=FunctionType.BM25,
            input_field_names=["terms"],
            output_field_names=["sparse"],
        )
        schema.add_function(words)
        indexes = self._client.prepare_index_params()
        indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
        indexes.add_index(
            "sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=_BM25
        )
        self._client.create_collection(
            self.name,
            schema=schema,
            index_params=indexes,
            consistency_level="Strong",
            num_partitions=_PARTITIONS,
            timeout=6 * _TIMEOUT_S,
        )

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Raise what the server or the network refuses as an error with its remedy."""
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            if not _is_of_client(error):
                raise
            fault = (
                getattr(error, "message", "") or getattr(error, "details", lambda: "")() or error
            )
            fault = " ".join(str(fault).split())[:200]
            raise ServerError(
                f"{self.place}: {fault}; see that the server runs and ONRECORD_MILVUS_URI is "
                "right, then do it again"
            ) from error


def token(term: str) -> str:
    """Return a term in letters and digits that every tokenizer leaves whole."""
    if term.isascii() and term.isalnum() and not term.startswith("0x"):
        return term.lower()
    return f"0x{term.encode().hex()}"


def tokens(terms: Iterable[str]) -> str:
    """Return terms as the text of a passage."""
    text = " ".join(map(token, terms))
    return text if len(text) <= _MAX_TERMS_BYTES else text[:_MAX_TERMS_BYTES].rpartition(" ")[0]


def _connect(url: URL) -> MilvusClient:
    try:
        from pymilvus import MilvusClient  # noqa: PLC0415  # installed only with `cluster`
    except ModuleNotFoundError as error:
        raise StoreError(
            "ONRECORD_MILVUS_URI needs a library that is not installed; run "
            "`pip install 'onrecord[cluster]'`"
        ) from error
    # It logs what it raises.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    if url.drivername == "file":
        return MilvusClient(str(url.database))
    bare = url.set(username=None, password=None, database=None)
    login = f"{url.username}:{url.password}" if url.username else ""
    return MilvusClient(
        bare.render_as_string(), token=login, db_name=url.database or "", timeout=_TIMEOUT_S
    )


def _is_of_client(error: Exception) -> bool:
    from grpc import RpcError  # noqa: PLC0415  # see `_connect`
    from pymilvus import MilvusException  # noqa: PLC0415

    return isinstance(error, (MilvusException, RpcError, ConnectionError, TimeoutError))
