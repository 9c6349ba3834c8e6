"""A signature stands for the text that was signed: what a change of the text means for those who signed it."""
