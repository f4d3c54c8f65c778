"""Figures that a run records once and that have no rows: by label their name and digits to show.

`train` and `predict` write them, a study's hypotheses may name them (`training.NAME`, `cost.NAME`),
and reports show them.
"""

TRAINING = {
    "first loss": ("first_loss", 3),
    "last loss (mean of 10 steps)": ("last_loss_mean_of_10", 3),
    "loss of the second half (mean)": ("second_half_loss_mean", 3),
    "lowest loss on dev": ("best_dev_loss", 3),
    "lowest loss on dev, at step": ("best_dev_loss_step", 0),
    "last loss on dev": ("last_dev_loss", 3),
    "steps": ("steps", 0),
    "scored at step": ("kept_step", 0),
    "tokens": ("tokens", 0),
    "trainable parameters": ("trainable_parameters", 0),
    "training time, s": ("seconds", 0),
    "tokens/s (median)": ("tokens_per_second_median", 0),
    "peak memory, MB": ("peak_memory_mb", 0),
}
COST = {
    "latency p50, s (batch 1)": ("latency_p50_s", 2),
    "latency p95, s (batch 1)": ("latency_p95_s", 2),
    "tokens/s in batches": ("tokens_per_second", 0),
    "peak memory, MB": ("peak_memory_mb", 0),
    "adapter, MB": ("adapter_mb", 1),
    "answered again: share of rows that differ": ("again_differ_share", 3),
}
