"""The report: data.py gathers what it says, charts.py draws, templates/ show it."""
