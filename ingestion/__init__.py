"""IN: a received file becomes raw rows. Knows nothing of Airflow and dbt."""
