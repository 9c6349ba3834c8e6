"""Settings, database, errors, time, paging, life cycles, jobs and live events: knows no domain."""
