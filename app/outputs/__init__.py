"""Outputs (成果件): the papers of a conference, from the draft to their number and what became of them."""
