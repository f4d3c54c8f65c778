"""The metrics that a study can name. A new one is a file in this folder and a line here."""

from stages.metrics import (
    bleu,
    chrf,
    comet,
    exact_match,
    hit_limit_rate,
    length_ratio,
    terminology,
    wrong_script_rate,
)
from stages.metrics.metric import Metric

METRICS: dict[str, Metric] = {
    "bleu_char": bleu.BLEU_CHAR,
    "bleu_ja_mecab": bleu.BLEU_JA_MECAB,
    "chrf": chrf.CHRF,
    "chrf_pp": chrf.CHRF_PP,
    "comet": comet.COMET,
    "exact_match": exact_match.EXACT_MATCH,
    "hit_limit_rate": hit_limit_rate.HIT_LIMIT_RATE,
    "length_ratio": length_ratio.LENGTH_RATIO,
    "terminology": terminology.TERMINOLOGY,
    "wrong_script_rate": wrong_script_rate.WRONG_SCRIPT_RATE,
}

# A stage of their own scores the rows beforehand, into data/predictions/STUDY/ARM/NAME.jsonl.
SCORED_APART = ("comet",)
