from muniment.retrieval.fusion import WORDS, best_of, fuse
from muniment.retrieval.types import Hit

DEPTH = 3


def _scores(words: list[tuple[int, float]], near: list[tuple[int, float]]) -> dict[int, float]:
    fused = fuse([Hit(*one) for one in words], [Hit(*one) for one in near], depth=DEPTH)
    return {hit.chunk: round(hit.score, 6) for hit in fused}


def test_each_ranking_counts_by_its_weight() -> None:
    found = _scores([(1, 9.0), (2, 5.0), (3, 1.0)], [(3, 0.8), (2, 0.6), (1, 0.4)])
    assert found == {1: WORDS, 2: 0.5, 3: round(1 - WORDS, 6)}


def test_both_together_beat_the_first_of_either() -> None:
    assert next(iter(_scores([(1, 9.0), (2, 8.0), (3, 1.0)], [(4, 0.8), (2, 0.7), (5, 0.1)]))) == 2


def test_few_found_by_words_are_measured_against_nothing() -> None:
    found = _scores([(1, 4.0), (2, 2.0)], [])
    assert found == {1: WORDS, 2: round(WORDS / 2, 6)}


def test_one_hit_or_equal_hits_are_whole_hits() -> None:
    assert _scores([], [(7, 0.3)]) == {7: round(1 - WORDS, 6)}
    assert _scores([], []) == {}


def test_equal_scores_go_by_chunk_number() -> None:
    assert list(_scores([], [(9, 0.5), (2, 0.5), (4, 0.5)])) == [2, 4, 9]


def test_what_answers_one_part_best_stays_first() -> None:
    parts = [[Hit(1, 1.0), Hit(2, 0.9)], [Hit(3, 0.8), Hit(2, 0.1)]]
    assert best_of(parts) == [Hit(1, 1.0), Hit(2, 0.9), Hit(3, 0.8)]
