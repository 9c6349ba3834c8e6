"""Lineage (来龙去脉): what a reply, an update or a report was the seed of, up to the result, with credit for all."""
