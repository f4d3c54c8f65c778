"""Batches of similar length: each row once, the same each time, another order each epoch."""

import random

import pytest

from stages.methods.sft.batches import SimilarLengths


def drawn(rows: int, size: int, seed: int = 1, epoch: int = 0) -> list[int]:
    rng = random.Random(3)
    sampler = SimilarLengths([rng.randint(1, 50) for _ in range(rows)], size, seed)
    sampler.set_epoch(epoch)
    return list(sampler)


@pytest.mark.parametrize(("rows", "size"), [(1, 4), (7, 4), (64, 8), (100, 16)])
def test_every_row_comes_once(rows, size):
    assert sorted(drawn(rows, size)) == list(range(rows))


def test_rows_of_a_batch_have_similar_lengths():
    lengths = [number % 40 for number in range(400)]
    order = list(SimilarLengths(lengths, 10, seed=1))
    spans = []
    for start in range(0, 400, 10):
        batch = [lengths[i] for i in order[start : start + 10]]
        spans.append(max(batch) - min(batch))
    assert max(spans) <= 1


def test_order_depends_on_seed_and_epoch_alone():
    assert drawn(64, 8) == drawn(64, 8)
    assert drawn(64, 8, epoch=1) != drawn(64, 8)
    assert drawn(64, 8, seed=2) != drawn(64, 8)


def test_the_short_batch_comes_last():
    lengths = list(range(10))
    order = list(SimilarLengths(lengths, 4, seed=1))
    assert sorted(order[-2:]) == [8, 9]
