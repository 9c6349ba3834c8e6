"""Setup (首次使用引导): how far a conference is set up, read from the data itself."""
