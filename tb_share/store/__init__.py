"""What people said: SQLAlchemy Core over SQLite or PostgreSQL."""
