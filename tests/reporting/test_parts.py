"""What scores are made of: a line per part, the most frequent first."""

from stages.reporting.parts import SHOWN, parts, table


def test_most_frequent_parts_come_first_with_each_arm_s_share():
    found = table(
        "terminology",
        {
            "a": {"user": [1, 2], "file": [3, 4], "cell": [0, 4]},
            "b": {"cell": [1, 4], "file": [0, 4], "user": [2, 2]},
        },
    )
    assert found["rows"] == [
        ("cell", 4, ["0.00", "0.25"]),
        ("file", 4, ["0.75", "0.00"]),
        ("user", 2, ["0.50", "1.00"]),
    ]
    assert (found["label"], found["shown"], found["of"]) == ("terminology", 3, 3)


def test_what_is_not_shown_is_counted():
    found = table("m", {"a": {f"part{n:02}": [0, 100 - n] for n in range(SHOWN + 5)}})
    assert (found["shown"], found["of"]) == (SHOWN, SHOWN + 5)
    assert found["rows"][0][0] == "part00" and len(found["rows"]) == SHOWN


def test_metrics_without_parts_have_no_table(study):
    written, html = study.report()
    assert "Parts of" not in written + html
    assert parts("toy", ["chrf"], {"toy-s0": {}}) == []
