"""Where a figure that no longer gets better ends a run."""

from types import SimpleNamespace

import pytest

from stages.training.stopping import EarlyStop


def reached(values: list[float], **settings) -> bool:
    log = [{"loss": 9.0, "step": step} for step in range(1, 9)]
    log += [{"dev_loss": value, "step": step} for step, value in enumerate(values, start=1)]
    stop = EarlyStop(**{"figure": "dev_loss", "patience": 2, "from_step": 0, **settings})
    return stop.reached(SimpleNamespace(log_history=log))


@pytest.mark.parametrize(
    ("values", "settings", "ends"),
    [
        pytest.param([3, 2, 1, 1.5], {}, False, id="once is not twice"),
        pytest.param([3, 2, 1, 1.5, 1.2], {}, True, id="twice no better than the best"),
        pytest.param([3, 2, 1, 1, 1], {}, True, id="as good is no better"),
        pytest.param([3, 4, 2.9, 4], {}, False, id="one better value starts anew"),
        pytest.param([1, 5, 4, 3, 2], {"from_step": 2}, False, id="what was before does not count"),
        pytest.param([1, 5, 6, 7], {"from_step": 3}, False, id="nor do its worse values"),
        pytest.param([9, 9], {"figure": "loss", "patience": 7}, True, id="the other figure"),
        pytest.param([], {}, False, id="nothing measured yet"),
    ],
)
def test_patience(values, settings, ends):
    assert reached(values, **settings) == ends
