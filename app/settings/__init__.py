"""Settings (组织设置): all that an organization may set, explained; who changed what when; and its duty years."""
