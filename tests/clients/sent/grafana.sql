-- its version
-- wants rows t
SELECT current_setting('server_version_num')::int / 100 BETWEEN 1000 AND 2500 AS version;

-- whether there is a TimescaleDB
-- wants none
SELECT extversion FROM pg_extension WHERE extname = 'timescaledb';

-- tables, with their schema where the search path does not have it
-- wants tables
SELECT CASE
    WHEN quote_ident(table_schema) IN (
      SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END
      FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1),
                           array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i,
        string_to_array(current_setting('search_path'), ',') AS s
    ) THEN quote_ident(table_name)
    ELSE quote_ident(table_schema) || '.' || quote_ident(table_name)
  END AS "table"
FROM information_schema.tables
WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog')
ORDER BY 1;

-- columns of a table
-- wants columns
SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns
WHERE quote_ident(table_name) = 'municipalities' ORDER BY ordinal_position;

-- a time group between two moments
-- wants as SELECT extract(epoch FROM month)::bigint, sum(persons) FROM connected_monthly WHERE municipality_code = '{town}' AND month BETWEEN '2025-01-01' AND '2025-12-31' GROUP BY 1 ORDER BY 1
SELECT floor(extract(epoch FROM month) / 86400) * 86400 AS "time", sum(persons) AS persons FROM connected_monthly
WHERE municipality_code = '{town}' AND month BETWEEN '2025-01-01T00:00:00Z' AND '2025-12-31T00:00:00Z' GROUP BY 1 ORDER BY 1;

-- a series of moments
-- wants as SELECT origin, persons FROM connected_monthly WHERE municipality_code = '{town}' AND kind = 'connected' AND month BETWEEN '2025-01-01' AND '2025-03-31' ORDER BY month, origin, persons
SET TIME ZONE 'UTC';
SELECT metric, value FROM (
  SELECT month::timestamptz AS time, origin AS metric, persons AS value FROM connected_monthly
  WHERE municipality_code = '{town}' AND kind = 'connected'
    AND month::timestamptz BETWEEN '2025-01-01T00:00:00Z' AND '2025-03-31T00:00:00Z'
) AS series ORDER BY time, metric, value;
