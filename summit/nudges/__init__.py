"""Nudges: who should be reminded of what and when, reconciled with what is true now; and campaigns."""
