"""Batches of rows of similar length: little padding, a new order each epoch, the same each run."""

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler


class SimilarLengths(Sampler[int]):
    """Yield row indices such that each run of `batch_size` of them has similar lengths.

    The order depends on seed and epoch alone, so a resumed run continues in the same batches.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int):
        self.lengths = lengths
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        rng = random.Random(f"{self.seed} {self.epoch}")
        order = list(range(len(self.lengths)))
        rng.shuffle(order)  # the sort below is stable, so rows of equal length mix anew
        order.sort(key=self.lengths.__getitem__)
        # The short rest goes last: anywhere else it would shift every batch behind it.
        whole = len(order) - len(order) % self.batch_size
        batches = [order[i : i + self.batch_size] for i in range(0, whole, self.batch_size)]
        rng.shuffle(batches)
        for batch in batches:
            yield from batch
        yield from order[whole:]
