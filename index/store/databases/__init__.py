"""The databases that can hold the tables: a SQLite file, or schemas of a PostgreSQL server.

Statements and migrations are the same for both. What differs is here, and nowhere else.
"""
