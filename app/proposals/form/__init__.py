"""The form of a proposal beside its text: publishing, suggested units, research, during or between sessions."""
