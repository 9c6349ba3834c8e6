"""Offices of the secretariat (科室): what each may do, for the whole organization or for one committee."""
