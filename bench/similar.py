"""Earlier cases beside what is typed: `uv run python bench/similar.py [N]` in libraries of N/100 and of N documents.

CPU of one request's reads, the database's own share included, on SQLite and PostgreSQL; the larger library beside the
smaller one in the same run. The libraries are built once, in `var/bench/`.
"""
