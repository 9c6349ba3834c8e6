"""Uploaded files: checked by content, stored by hash, read by the right of what they hang on."""
