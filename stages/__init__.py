"""Assay's pipeline: one script per DVC stage, and the modules that they share."""

import os

# Nothing here is compiled, but bitsandbytes asks for it where it is imported: a second of each
# stage that loads a model would go into torch's compiler.
os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")
