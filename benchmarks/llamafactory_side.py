"""LLaMA-Factory's side of the benchmark: a line asks for a turn, tokens and seconds come back.

Runs in an environment of its own, so it imports nothing of this project.
"""

import json
import sys
import time
import types

from transformers import TrainerCallback

# LLaMA-Factory always imports it, for sound, and its wheel does not fit our torch. Text needs none.
sys.modules["torchaudio"] = types.ModuleType("torchaudio")

from llamafactory.train.tuner import run_exp  # noqa: E402 - only now it can be imported

del sys.modules["torchaudio"]  # transformers would ask for its version


class Clock(TrainerCallback):
    """Tokens and seconds of the optimizer steps, without the first."""

    tokens = seconds = 0

    def on_step_begin(self, args, state, control, **_):
        self.seen = state.num_input_tokens_seen
        self.started = time.perf_counter()

    def on_step_end(self, args, state, control, **_):
        if state.global_step > 1:
            self.seconds += time.perf_counter() - self.started
            self.tokens += state.num_input_tokens_seen - self.seen


def main() -> None:
    settings = json.loads(sys.argv[1])
    for _ in sys.stdin:
        clock = Clock()
        run_exp({**settings, "include_num_input_tokens_seen": "non_padding"}, [clock])
        print("ANSWER", json.dumps([clock.tokens, clock.seconds]), flush=True)


if __name__ == "__main__":
    main()
