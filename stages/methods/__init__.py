"""Methods: the ways to come by what an arm answers with, one folder per method."""
