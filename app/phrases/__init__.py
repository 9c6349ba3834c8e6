"""Phrases of the office (常用语): sentences that staff choose from when they give the reason of a decision."""
