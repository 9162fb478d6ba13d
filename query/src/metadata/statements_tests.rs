use super::*;

fn rewritten(sql: &str) -> String {
    Statements::new().parse(sql).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn functions_are_compared_by_name() {
    let sql = "SELECT typname FROM pg_catalog.pg_type WHERE typinput = 'pg_catalog.array_in'::regproc";
    assert!(rewritten(sql).ends_with("typinput = 'array_in'"), "{}", rewritten(sql));
    let sql =
        "SELECT p.proname FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_proc AS p ON p.oid = t.typreceive";
    assert!(rewritten(sql).ends_with("p.proname = t.typreceive"), "{}", rewritten(sql));
}

#[test]
fn a_lookup_in_the_catalog_is_one_row_and_a_question_about_figures_stays_as_it_is() {
    let sql = "SELECT t.typname FROM pg_catalog.pg_type AS t WHERE \
               (SELECT c.relkind = 'c' FROM pg_catalog.pg_class AS c WHERE c.oid = t.typrelid)";
    assert!(rewritten(sql).contains("SELECT max(c.relkind = 'c') FROM"), "{}", rewritten(sql));
    for sql in [
        "SELECT (SELECT b.persons FROM visitors_daily AS b WHERE b.date = a.date) FROM visitors_daily AS a",
        "SELECT (SELECT persons FROM visitors_daily) AS n",
    ] {
        assert_eq!(rewritten(sql), sql);
    }
}

#[test]
fn a_default_that_a_client_asks_for_is_null() {
    let sql = "SELECT CASE WHEN a.atthasdef THEN (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
               FROM pg_catalog.pg_attrdef AS d WHERE d.adrelid = a.attrelid) ELSE NULL END \
               FROM pg_catalog.pg_attribute AS a";
    assert!(rewritten(sql).contains("THEN NULL ELSE NULL END"), "{}", rewritten(sql));
}

#[test]
fn patterns_are_escaped_by_the_backslash() {
    assert_eq!(
        rewritten("SELECT 1 WHERE 'a' LIKE 'x/_y\\' ESCAPE '/'"),
        "SELECT 1 WHERE 'a' LIKE 'x\\_y\\\\'"
    );
    let of_catalog = rewritten("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE $1 ESCAPE '/'");
    assert!(of_catalog.ends_with("NOT LIKE replace($1, '/', '\\')"), "{of_catalog}");
}

#[test]
fn places_of_keys_are_counted_from_one_and_listed_by_unnest_once_and_not_twice() {
    for (sql, meant) in [
        ("SELECT i.indkey[0] FROM pg_catalog.pg_index AS i", "(i.indkey)[(0) + 1]"),
        ("SELECT i.indkey[a.attnum - 1] FROM pg_catalog.pg_index AS i", "(i.indkey)[(a.attnum - 1) + 1]"),
        (
            "SELECT generate_subscripts(conkey, 1) FROM pg_catalog.pg_constraint",
            "unnest(places_of(conkey, 1))",
        ),
        (
            "SELECT (information_schema._pg_expandarray(i.indkey)).n FROM pg_catalog.pg_index AS i",
            "(unnest(elements_of(i.indkey))).'n'",
        ),
    ] {
        let once = rewritten(sql);
        assert!(once.contains(meant), "{once}");
        if !meant.contains("'n'") {
            assert_eq!(rewritten(&once), once);
        }
    }
    // Lists of anybody else are counted as they are.
    let own = "SELECT t.indices[1] FROM visitors_daily AS t";
    assert_eq!(rewritten(own), own);
}

#[test]
fn a_lookup_through_a_function_is_one_row_and_a_count_stays_a_count() {
    let asked = |value: &str| {
        rewritten(&format!(
            "SELECT c.relname || (SELECT {value} FROM pg_catalog.pg_namespace AS n WHERE n.oid = c.relnamespace) \
             FROM pg_catalog.pg_class AS c"
        ))
    };
    assert!(asked("quote_ident(n.nspname)").contains("SELECT max(quote_ident(n.nspname)) FROM"));
    assert!(asked("count(*)::text").contains("SELECT count(*)::"), "{}", asked("count(*)::text"));
}

#[test]
fn what_is_in_a_list_of_a_subquery_equals_an_element_and_a_first_of_each_is_picked_from_rows() {
    let exists = "EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = att.attrelid AND contype = 'f' \
                  AND att.attnum = ANY(conkey)) AS is_fk";
    let once = rewritten(&format!("SELECT {exists} FROM pg_catalog.pg_attribute AS att"));
    assert!(once.contains("att.attnum = pg_constraint.element_of_list"), "{once}");
    assert!(once.contains("unnest(conkey) AS element_of_list FROM pg_catalog.pg_constraint"), "{once}");
    // Where nobody looks around, the list is asked.
    let inner = rewritten("SELECT 1 FROM pg_catalog.pg_constraint AS c WHERE 1 = ANY(c.conkey)");
    assert!(inner.contains("array_contains(c.conkey, 1)"), "{inner}");
    let picked = rewritten(&format!(
        "SELECT DISTINCT ON (att.attnum) att.attname AS name, att.attnum, {exists} FROM pg_catalog.pg_attribute AS att \
         ORDER BY att.attnum"
    ));
    assert!(picked.starts_with("SELECT DISTINCT ON (attnum) * FROM (SELECT att.attname AS name"), "{picked}");
    assert!(picked.ends_with("AS rows_picked ORDER BY attnum"), "{picked}");
}
