"""Topics, meetings and activities."""
