"""Recordings of services that leak and that do not, and the score of judgements about them."""
