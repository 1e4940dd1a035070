"""Relative dates of a text, such as "on Thursday", resolved from the day it was published."""
