"""What waits: the queues of desks, and the news that a day has gone by."""
