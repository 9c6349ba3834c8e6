"""One action of the secretariat on many proposals, each row with a result of its own."""
