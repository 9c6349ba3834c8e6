"""Matters (议题): brought by members, conveners, companies and citizens, met on, and followed to their result."""
