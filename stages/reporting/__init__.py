"""The report: data.py gathers what it says, pictures.py what it shows, templates/ show it."""
