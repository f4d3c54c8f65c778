"""A run whose loss or gradient is no longer a number."""


class DivergedError(Exception):
    """Loss or gradient became non-finite; `step` is the optimizer step at which it did."""

    def __init__(self, what: str, step: int):
        super().__init__(f"{what} at step {step}")
        self.step = step
