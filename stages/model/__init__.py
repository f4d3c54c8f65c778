"""The model at work: its tokens and masks, how it is loaded, how it answers."""
