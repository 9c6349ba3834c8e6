"""Texts that members are writing: a copy of what lies on their phones, for their own eyes."""
