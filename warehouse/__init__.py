"""GROUND: settings, the DuckDB working file with its one lock, and the ledger."""
