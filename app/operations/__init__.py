"""What administrators look after without a shell: jobs, backups, health."""
