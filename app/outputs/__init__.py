"""Outputs (成果件): what a conference hands in after its work, from the draft to the number, the comments and the fate."""
