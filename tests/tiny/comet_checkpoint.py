"""Make tiny random COMET models, offline: `.venv-comet/bin/python -I comet_checkpoint.py FOLDER`.

FOLDER/encoder is an XLM-R with a character tokenizer. FOLDER/{sound,poisoned,hostile} lie as COMET
models do on the hub: sound; with NaN as the embedding of ヌ; with a pickle that runs code.
"""

import os
import sys
from pathlib import Path

import pytorch_lightning
import torch
import yaml
from comet.models import RegressionMetric
from tokenizers import Tokenizer, models, processors
from transformers import XLMRobertaConfig, XLMRobertaTokenizerFast

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
LETTERS = "abcdefghijklmnopqrstuvwxyz アイウエオカキクケコサシスセソタチツテトナニヌネノ"
VOCABULARY = {token: number for number, token in enumerate([*SPECIAL, *LETTERS, "<mask>"])}


class Hostile:
    def __init__(self, touched: Path):
        self.touched = touched

    def __reduce__(self):
        return os.mkdir, (str(self.touched),)


def make_encoder(folder: Path) -> None:
    tokenizer = Tokenizer(models.BPE(vocab=VOCABULARY, merges=[], unk_token="<unk>"))
    ends = [("<s>", VOCABULARY["<s>"]), ("</s>", VOCABULARY["</s>"])]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=ends)
    XLMRobertaTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    XLMRobertaConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=130,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    ).save_pretrained(folder)


def save(folder: Path, model: RegressionMetric, **more) -> None:
    (folder / "checkpoints").mkdir(parents=True)
    content = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": pytorch_lightning.__version__,
        **more,
    }
    torch.save(content, folder / "checkpoints/model.ckpt")
    hparams = {"class_identifier": "regression_metric", "layer_transformation": "sparsemax_patch"}
    (folder / "hparams.yaml").write_text(yaml.safe_dump(hparams))


def main(folder: Path) -> None:
    encoder = folder / "encoder"
    make_encoder(encoder)
    torch.manual_seed(0)
    model = RegressionMetric(
        pretrained_model=str(encoder),
        load_pretrained_weights=False,
        layer_transformation="sparsemax",
        hidden_sizes=[8],
    )
    save(folder / "sound", model)
    save(folder / "hostile", model, callbacks=Hostile(folder / "touched"))
    with torch.no_grad():
        model.encoder.model.embeddings.word_embeddings.weight[VOCABULARY["ヌ"]] = float("nan")
    save(folder / "poisoned", model)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
