"""One action of the editors on many reports, each row with a result of its own."""
