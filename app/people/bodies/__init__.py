"""Bodies (参加单位): those who act together in a term, with a head, a contact person and spokespersons."""
