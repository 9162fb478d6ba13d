// Go's pgx, as a program and its pool use it.
//
// In: --pg, --url and --flight. Out: a JSON object a line: its version, what it did with what failed or null, then `end`.
// What it must find it asks over HTTP.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

const patience = 2 * time.Minute

var server string

func tell(line map[string]any) {
	lines := json.NewEncoder(os.Stdout)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(line); err != nil {
		panic(err)
	}
}

// One thing that the client does. It fails alone: what comes after it is tried all the same.
func doing(what string, do func() error) {
	if err := do(); err != nil {
		tell(map[string]any{"did": what, "failed": err.Error()})
	} else {
		tell(map[string]any{"did": what, "failed": nil})
	}
}

func same(found, wanted any) error {
	if reflect.DeepEqual(found, wanted) {
		return nil
	}
	return fmt.Errorf("the answer is %.300s, not %.300s", fmt.Sprint(found), fmt.Sprint(wanted))
}

// The rows of an answer over HTTP, each as the text of its object's values in the order of `names`.
func wanted(sql string, names ...string) ([]string, error) {
	answer, err := http.Get(server + "/v1/query?" + url.Values{"sql": {sql}, "format": {"json"}}.Encode())
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	read := json.NewDecoder(answer.Body)
	// As written: a number in a float64 would be another one above 2^53.
	read.UseNumber()
	var body struct{ Rows []map[string]any }
	if err := read.Decode(&body); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP answers %s", answer.Status)
	}
	var rows []string
	for _, row := range body.Rows {
		var values []string
		for _, name := range names {
			values = append(values, fmt.Sprint(row[name]))
		}
		rows = append(rows, strings.Join(values, "|"))
	}
	return rows, nil
}

type figure struct {
	Month   time.Time
	Kind    string
	Persons *int64
}

func (f figure) String() string {
	persons := "<nil>"
	if f.Persons != nil {
		persons = fmt.Sprint(*f.Persons)
	}
	return f.Month.Format(time.DateOnly) + "|" + f.Kind + "|" + persons
}

const figures = "SELECT month, kind, persons FROM connected_monthly WHERE municipality_code = "
const ordered = " ORDER BY month, kind, origin_level, origin_code LIMIT 5000"

func main() {
	pg := flag.String("pg", "", "host:port of the Postgres wire")
	flag.StringVar(&server, "url", "", "HTTP of the server")
	flag.String("flight", "", "host:port of Arrow Flight SQL")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 5*patience)
	defer cancel()
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "github.com/jackc/pgx/v5" {
			tell(map[string]any{"version": strings.TrimPrefix(module.Version, "v")})
		}
	}
	address := "postgres://analyst@" + *pg + "/kayoi"
	town, err := wanted("SELECT municipality_code FROM connected_monthly GROUP BY 1 HAVING count(*) > count(persons) AND count(persons) > 0 ORDER BY count(persons) DESC, 1 LIMIT 1", "municipality_code")
	if err == nil && len(town) != 1 {
		err = errors.New("no town has figures, some of them withheld")
	}
	if err != nil {
		tell(map[string]any{"did": "a town to ask of", "failed": err.Error()})
		return
	}
	list, err := wanted(figures+"'"+town[0]+"'"+ordered, "month", "kind", "persons")
	if err != nil {
		tell(map[string]any{"did": "the figures to find", "failed": err.Error()})
		return
	}

	// How a statement goes over the wire is a setting, which people change for a pool of connections in between.
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec,
		pgx.QueryExecModeSimpleProtocol,
	} {
		doing("a query with a value, mode "+mode.String(), func() error {
			config, err := pgx.ParseConfig(address)
			if err != nil {
				return err
			}
			config.DefaultQueryExecMode = mode
			connection, err := pgx.ConnectConfig(ctx, config)
			if err != nil {
				return err
			}
			defer connection.Close(ctx)
			// Twice: the second time a statement that is prepared is used.
			for range 2 {
				rows, err := connection.Query(ctx, figures+"$1"+ordered, town[0])
				if err != nil {
					return err
				}
				found, err := pgx.CollectRows(rows, pgx.RowToStructByName[figure])
				if err != nil {
					return err
				}
				if err := same(texts(found), list); err != nil {
					return err
				}
			}
			return nil
		})
	}

	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		tell(map[string]any{"did": "connecting", "failed": err.Error()})
		return
	}
	defer connection.Close(ctx)
	doing("values of every kind, there and back", func() error {
		sent := []any{int16(7), int32(-8), int64(9_007_199_254_740_993), 1.5, "通い", true, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), []string{"a", "b"}}
		var a int16
		var b int32
		var c int64
		var d float64
		var e string
		var f bool
		var g time.Time
		var h []string
		sql := "SELECT $1::smallint, $2::integer, $3::bigint, $4::double precision, $5::text, $6::boolean, $7::date, $8::text[]"
		if err := connection.QueryRow(ctx, sql, sent...).Scan(&a, &b, &c, &d, &e, &f, &g, &h); err != nil {
			return err
		}
		return same([]any{a, b, c, d, e, f, g, h}, sent)
	})
	doing("a list in ANY, a numeric and a time", func() error {
		var n int64
		var mean pgtype.Numeric
		var now time.Time
		sql := "SELECT count(*), avg(population_2020), now() FROM municipalities WHERE municipality_code = ANY($1)"
		if err := connection.QueryRow(ctx, sql, []string{town[0], "00000"}).Scan(&n, &mean, &now); err != nil {
			return err
		}
		population, err := wanted("SELECT population_2020 FROM municipalities WHERE municipality_code = '"+town[0]+"'", "population_2020")
		if err != nil {
			return err
		}
		value, err := mean.Float64Value()
		if err != nil {
			return err
		}
		if time.Since(now).Abs() > time.Hour {
			return fmt.Errorf("now() is %s", now)
		}
		return same([]string{fmt.Sprint(n), fmt.Sprintf("%.0f", value.Float64)}, []string{"1", population[0]})
	})
	doing("row_number() and count(*), as bigint", func() error {
		sql := "SELECT row_number() OVER (ORDER BY municipality_code) AS n, count(*) OVER () FROM municipalities ORDER BY 1 DESC LIMIT 1"
		rows, err := connection.Query(ctx, sql)
		if err != nil {
			return err
		}
		var kinds []uint32
		for _, field := range rows.FieldDescriptions() {
			kinds = append(kinds, field.DataTypeOID)
		}
		var number, count int64
		if _, err := pgx.ForEachRow(rows, []any{&number, &count}, func() error { return nil }); err != nil {
			return err
		}
		return same([]any{number, kinds}, []any{count, []uint32{pgtype.Int8OID, pgtype.Int8OID}})
	})
	doing("a batch of three", func() error {
		var batch pgx.Batch
		for n := range 3 {
			batch.Queue("SELECT $1::int + 1", n)
		}
		results := connection.SendBatch(ctx, &batch)
		defer results.Close()
		for n := range 3 {
			var found int
			if err := results.QueryRow().Scan(&found); err != nil {
				return err
			}
			if err := same(found, n+1); err != nil {
				return err
			}
		}
		return results.Close()
	})
	doing("a transaction that only reads, with a cursor", func() error {
		options := pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}
		return pgx.BeginTxFunc(ctx, connection, options, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "DECLARE figures CURSOR FOR "+figures+"'"+town[0]+"'"+ordered); err != nil {
				return err
			}
			var found []string
			for {
				rows, err := tx.Query(ctx, "FETCH 1000 FROM figures")
				if err != nil {
					return err
				}
				part, err := pgx.CollectRows(rows, pgx.RowToStructByName[figure])
				if err != nil {
					return err
				}
				if len(part) == 0 {
					return same(found, list)
				}
				found = append(found, texts(part)...)
			}
		})
	})
	doing("COPY to the client", func() error {
		var copied strings.Builder
		tag, err := connection.PgConn().CopyTo(ctx, &copied, "COPY (SELECT municipality_code FROM municipalities ORDER BY 1) TO STDOUT")
		if err != nil {
			return err
		}
		codes, err := wanted("SELECT municipality_code FROM municipalities ORDER BY 1", "municipality_code")
		if err != nil {
			return err
		}
		if err := same(tag.RowsAffected(), int64(len(codes))); err != nil {
			return err
		}
		return same(strings.Fields(copied.String()), codes)
	})
	doing("an error has its code, place and hint", func() error {
		_, err := connection.Exec(ctx, "SELECT nosuch FROM municipalities")
		var told *pgconn.PgError
		if !errors.As(err, &told) {
			return fmt.Errorf("it is %v", err)
		}
		return same([]any{told.Code, told.Position, told.Hint != ""}, []any{"42703", int32(8), true})
	})
	doing("what would write is refused, and the connection goes on", func() error {
		_, err := connection.Exec(ctx, "CREATE TABLE t (a int)")
		var told *pgconn.PgError
		if !errors.As(err, &told) || told.Code != "25006" {
			return fmt.Errorf("it is %v", err)
		}
		return connection.Ping(ctx)
	})
	doing("a query is given up, and the pool goes on", func() error {
		pool, err := pgxpool.New(ctx, address+"?pool_max_conns=2")
		if err != nil {
			return err
		}
		defer pool.Close()
		short, stop := context.WithTimeout(ctx, 300*time.Millisecond)
		defer stop()
		_, err = pool.Exec(short, "SELECT count(*) FROM generate_series(1, 100000) AS a(x), generate_series(1, 100000) AS b(y) WHERE (x + y) % 7 = 3")
		if !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("it ended with %v", err)
		}
		var one int
		if err := pool.QueryRow(ctx, "SELECT 1").Scan(&one); err != nil {
			return err
		}
		return same(one, 1)
	})
	tell(map[string]any{"end": true})
}

func texts(rows []figure) []string {
	var found []string
	for _, row := range rows {
		found = append(found, row.String())
	}
	return found
}
