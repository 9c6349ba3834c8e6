"""Measures (成效): what came of an act of duty, in numbers, beside what its quantity counts."""
