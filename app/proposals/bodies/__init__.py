"""Proposals of bodies (集体提案): the head confirms them, and what each body has put forward is counted."""
