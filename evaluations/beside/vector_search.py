"""Runs in the environment of `evaluations.peers`, which has no Muniment: LanceDB or Chroma over the vectors of a file.

python vector_search.py lancedb|chroma VECTORS.npy QUERIES.npy FOLDER K

float32[n, d] and float32[m, d], rows of length 1. Prints {"build": seconds}; then, for every line it reads, asks all
queries one by one and prints {"clock": milliseconds of each, "work": processor milliseconds of all, "found": rows}.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Search = Callable[[Vectors], list[int]]
PIECE = 5000


def lancedb(vectors: Vectors, folder: str, k: int) -> Search:
    """Flat: without an index every vector is compared."""
    import lancedb as lance
    import pyarrow as pa

    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
    rows = pa.table({"row": pa.array(range(len(vectors)), pa.int64()), "vector": column})
    table = lance.connect(folder).create_table("vectors", data=rows)

    def search(query: Vectors) -> list[int]:
        found = table.search(query).distance_type("dot").select(["row", "_distance"]).limit(k)
        return list(found.to_arrow()["row"].to_pylist())

    return search


def chroma(vectors: Vectors, folder: str, k: int) -> Search:
    """HNSW as it comes, but for the distance."""
    import chromadb

    client = chromadb.PersistentClient(folder, settings=chromadb.Settings(anonymized_telemetry=False))
    collection = client.create_collection("vectors", configuration={"hnsw": {"space": "ip"}}, embedding_function=None)
    for start in range(0, len(vectors), PIECE):
        piece = vectors[start : start + PIECE]
        collection.add(ids=[str(start + n) for n in range(len(piece))], embeddings=piece)
    return lambda query: [
        int(one) for one in collection.query(query_embeddings=[query], n_results=k, include=[])["ids"][0]
    ]


def main() -> None:
    kind, vectors, queries, folder, k = sys.argv[1:]
    started = time.perf_counter()
    search = {"lancedb": lancedb, "chroma": chroma}[kind](np.load(vectors), folder, int(k))
    print(json.dumps({"build": time.perf_counter() - started}), flush=True)
    asked = np.load(queries)
    for _ in sys.stdin:
        clock, found = [], []
        work = time.process_time()
        for query in asked:
            started = time.perf_counter()
            found.append(search(query))
            clock.append(1000 * (time.perf_counter() - started))
        print(json.dumps({"clock": clock, "work": 1000 * (time.process_time() - work), "found": found}), flush=True)


if __name__ == "__main__":
    main()
