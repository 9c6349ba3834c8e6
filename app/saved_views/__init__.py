"""Saved views (常用筛选): lists as somebody, or an office, wants to see them again."""
