"""Line charts along an answer: where lines run, and the same in words."""

from stages.reporting import along

LABELS = {"reference_p": ("p", 3), "kl": ("KL", 2)}
READ = {
    "reference_p_base": [0.0, 0.5, 1.0],
    "reference_p_tuned": [1.0, 1.0, 0.25],
    "kl": [10.14, 0.0, 5.07],
    "overlap": [1.0, 1.0, 1.0],
}


def test_lines_run_over_the_whole_plot_from_zero_to_the_top():
    shares, kl = along.charts(READ, LABELS)
    assert shares["lines"] == [
        {"of": "base", "path": "M0.0 90.0L140.0 45.0L280.0 0.0"},
        {"of": "tuned", "path": "M0.0 0.0L140.0 0.0L280.0 67.5"},
    ]
    assert kl["lines"] == [{"of": "both", "path": "M0.0 0.0L140.0 90.0L280.0 45.0"}]
    assert (shares["top"], kl["top"]) == ("1", "10.1")
    assert (shares["tokens"], shares["label"], kl["label"]) == (3, "p", "KL")


def test_shares_have_one_scale_however_small_they_are():
    low = {"code_share_base": [0.1, 0.1], "code_share_tuned": [0.1, 0.1]}
    (found,) = along.charts(low, {"code_share": ("share", 3)})
    assert found["top"] == "1" and found["lines"][0]["path"] == "M0.0 81.0L280.0 81.0"


def test_chart_is_said_in_words():
    shares, kl = along.charts(READ, LABELS)
    assert shares["said"] == (
        "base: 0.500 on average, 0.000 to 1.000; tuned: 0.750 on average, 0.250 to 1.000"
    )
    assert kl["said"] == "5.07 on average, 0.00 to 10.14"


def test_zeros_lie_on_the_axis():
    (found,) = along.charts({"kl": [0.0, 0.0]}, {"kl": ("KL", 2)})
    assert found["lines"][0]["path"] == "M0.0 90.0L280.0 90.0" and found["top"] == "1"


def test_without_a_second_token_there_is_no_line():
    assert along.charts({}, LABELS) == []
    assert along.charts({"kl": [1.0]}, LABELS) == []
