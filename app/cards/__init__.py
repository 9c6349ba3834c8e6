"""Duty digital memorial cards (履职数字纪念卡)."""
