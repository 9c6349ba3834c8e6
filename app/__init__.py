"""履易 (lvyi): the duty platform of a political consultative conference."""

__version__ = "0.2.0"
