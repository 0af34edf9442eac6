"""HIDE: disclosure control, as functions on tables. The room is kept; nothing is in it yet."""
