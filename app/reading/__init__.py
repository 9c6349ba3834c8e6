"""Reading (委员读书): topics, logs and notes."""
