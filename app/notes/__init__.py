"""Internal notes (内部备注) of staff on what they work on."""
