"""Budgets: the money and the calendar.

A *budget round* is one cycle; a *phase* is a dated stretch of it that permits some acts; a *pot*
is the money for the whole city or one district.
"""
