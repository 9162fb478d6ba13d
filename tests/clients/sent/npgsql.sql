-- types with their elements, without which it opens no connection
-- wants among pg_catalog,_text,a,25,text
SELECT n.nspname, x.typname, x.kind, x.element, e.typname FROM (
  SELECT t.oid, t.typname, t.typnamespace, CASE WHEN p.proname = 'array_recv' THEN 'a' ELSE t.typtype END AS kind,
    CASE
      WHEN p.proname = 'array_recv' THEN t.typelem
      WHEN t.typtype = 'r' THEN r.rngsubtype
      WHEN t.typtype = 'm' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = t.oid)
      WHEN t.typtype = 'd' THEN t.typbasetype
    END AS element
  FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid LEFT JOIN pg_proc p ON p.oid = t.typreceive
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
) x JOIN pg_namespace n ON n.oid = x.typnamespace LEFT JOIN pg_type e ON e.oid = x.element
WHERE x.kind IN ('a', 'b', 'r', 'm', 'e', 'd');

-- fields of types that are made of others
-- wants none
SELECT t.oid, a.attname, a.atttypid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid JOIN pg_attribute a ON a.attrelid = t.typrelid
WHERE t.typtype = 'c' AND c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname = 'public' ORDER BY t.oid, a.attnum;

-- labels of enumerations
-- wants none
SELECT t.oid, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY t.oid, e.enumsortorder;

-- a connection as new, before it is lent again
-- wants rows on
SET statement_timeout = '7s';
SET enable_seqscan = on;
DISCARD ALL;
SHOW enable_seqscan;
