"""The member's own hand in the archive (履职档案): claims, appeals, and the words of the yearly duty report."""
