"""Opened indexes in memory: loaded on first use, within one budget for all silos, the least recently used dropped.

Before each use the silo's generation and the epoch of its keys are compared: what was erased or replaced, by whichever
process, is searched no more (DESIGN section 4). Only changed segments are opened again; they are immutable.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from muniment.crypto.errors import KeyDestroyedError
from muniment.retrieval.bm25 import Bm25
from muniment.retrieval.labels import STAGED, active_model
from muniment.retrieval.postings import PostingsSegment
from muniment.retrieval.vectors import VectorSearch, VectorSegment
from muniment.retrieval.writing import Segment, segment_from
from muniment.silo.sealed import Silo, SiloReader
from muniment.silo.types import SegmentInfo

READERS = 2  # more gain nothing: each holds a connection and the pages it reads
WORTH_THREADS = 4 * 2**20  # bytes; below it one reader is done before a second has begun


@dataclass(frozen=True, slots=True)
class _Opened:
    segment: Segment
    size: int  # bytes of the segment in clear: about what it takes in memory


class Index:
    """One silo's segments, opened, as of one generation and epoch. Immutable."""

    def __init__(self, generation: int, epoch: int, segments: Mapping[str, _Opened], model: str | None) -> None:
        self.model = model
        """Whose vectors these are; None where there are none."""
        self.generation = generation
        self.epoch = epoch
        self.segments = segments
        self.size = sum(opened.size for opened in segments.values())
        postings: dict[str, list[PostingsSegment]] = defaultdict(list)
        vectors: list[VectorSegment] = []
        for _, opened in sorted(segments.items()):
            if isinstance(opened.segment, PostingsSegment):
                postings[opened.segment.language].append(opened.segment)
            else:
                vectors.append(opened.segment)
        self.words = {language: Bm25(some) for language, some in sorted(postings.items())}
        self.vectors = VectorSearch(vectors)

    @classmethod
    def read(cls, silo: Silo, reader: SiloReader, known: "Index | None") -> "Index":
        generation, epoch = reader.generation(), silo.epoch()
        kept = known.segments if known else {}
        infos = [info for info in reader.segments() if not info.label.startswith(STAGED)]
        missing = [info for info in infos if info.id not in kept]
        opened = {info.id: kept[info.id] for info in infos if info.id in kept} | _read_at_once(silo, missing)
        for info in missing:
            # Merged away since this reader's snapshot began: only the snapshot still has it.
            if info.id not in opened and (content := reader.segment(info.id)) is not None:
                opened[info.id] = _opened(info, content)
        return cls(generation, epoch, opened, active_model(infos))


def _read_at_once(silo: Silo, infos: Sequence[SegmentInfo]) -> dict[str, _Opened]:
    """These segments, those that are there, read on all cores: decrypting pages is nearly all of the work."""
    shares = [share for n in range(READERS) if (share := infos[n::READERS])]

    def read(share: Sequence[SegmentInfo]) -> list[tuple[str, _Opened]]:
        with silo.reading() as reader:
            contents = ((info, reader.segment(info.id)) for info in share)
            return [(info.id, _opened(info, content)) for info, content in contents if content is not None]

    if sum(info.size for info in infos) < WORTH_THREADS:
        return dict(read(infos))
    with ThreadPoolExecutor(READERS, thread_name_prefix="segments") as readers:
        return dict(chain.from_iterable(readers.map(read, shares)))


def _opened(info: SegmentInfo, content: bytes) -> _Opened:
    return _Opened(segment_from(info.label, content), len(content))


class IndexCache:
    """`budget` gives the bytes all opened indexes may take together. One too large for it is used and not kept."""

    def __init__(self, budget: Callable[[], int]) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._indexes: OrderedDict[str, Index] = OrderedDict()
        self._loading: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def index(self, silo: Silo) -> Index:
        """The index as it is now. Raises KeyDestroyedError when the silo was erased."""
        with silo.reading() as reader, self._turn(silo.id):
            index = self._known(silo.id)
            if index is None or (index.generation, index.epoch) != (reader.generation(), silo.epoch()):
                index = Index.read(silo, reader, index)
            if index.epoch == 0 and index.segments:
                self.drop(silo.id)
                raise KeyDestroyedError("The documents of this agent were erased.")
            self._keep(silo.id, index)
        return index

    def drop(self, silo: str) -> None:
        with self._lock:
            self._indexes.pop(silo, None)

    @property
    def size(self) -> int:
        with self._lock:
            return sum(index.size for index in self._indexes.values())

    def _turn(self, silo: str) -> threading.Lock:
        """One thread opens a silo's segments; the others wait for it instead of opening them again."""
        with self._lock:
            return self._loading[silo]

    def _known(self, silo: str) -> Index | None:
        with self._lock:
            return self._indexes.get(silo)

    def _keep(self, silo: str, index: Index) -> None:
        with self._lock:
            self._indexes[silo] = index
            self._indexes.move_to_end(silo)
            while self._indexes and sum(one.size for one in self._indexes.values()) > self._budget():
                self._loading.pop(self._indexes.popitem(last=False)[0], None)
