"""Cases: what a member calls the office for, or a company's problem, and the answer that it gets by its day."""
