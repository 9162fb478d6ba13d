// Everything that tools ask the JDBC driver of Arrow Flight SQL when they open a connection or a table.
//
// In: a URL, a user and a password. Out: a line for each question, `ok NAME ROWS`, or `failed NAME MESSAGE`.

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

public class Flight {
  interface Question {
    ResultSet ask() throws Exception;
  }

  static String told(Throwable error) {
    return (error.getClass().getSimpleName() + ": " + error.getMessage()).replace('\n', ' ');
  }

  static void ask(String name, Question question) {
    try (ResultSet rows = question.ask()) {
      int columns = rows.getMetaData().getColumnCount();
      int count = 0;
      while (rows.next()) {
        for (int column = 1; column <= columns; column++) {
          rows.getObject(column);
        }
        count++;
      }
      System.out.println("ok " + name + " " + count);
    } catch (Exception error) {
      System.out.println("failed " + name + " " + told(error));
    }
  }

  static void refused(String name, Question question) {
    try (ResultSet rows = question.ask()) {
      rows.next();
      System.out.println("failed " + name + " was not refused");
    } catch (Exception error) {
      System.out.println("refused " + name + " " + told(error));
    }
  }

  public static void main(String[] arguments) throws Exception {
    String table = "connected_monthly";
    try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
      DatabaseMetaData about = connection.getMetaData();
      System.out.println("product " + about.getDatabaseProductName() + " " + about.isReadOnly());
      ask("getCatalogs", about::getCatalogs);
      ask("getSchemas", about::getSchemas);
      ask("getTableTypes", about::getTableTypes);
      ask("getTables", () -> about.getTables(null, "public", "%", null));
      ask("getTablesOfKinds", () -> about.getTables(null, null, "%", new String[] {"TABLE", "VIEW"}));
      ask("getTablesNamed", () -> about.getTables("kayoi", "public", table, new String[] {"TABLE"}));
      ask("getViews", () -> about.getTables(null, null, "%", new String[] {"VIEW"}));
      ask("getColumns", () -> about.getColumns(null, "public", table, "%"));
      ask("getAllColumns", () -> about.getColumns(null, null, null, null));
      ask("getPrimaryKeys", () -> about.getPrimaryKeys("kayoi", "public", table));
      ask("getImportedKeys", () -> about.getImportedKeys("kayoi", "public", table));
      ask("getExportedKeys", () -> about.getExportedKeys("kayoi", "public", table));
      ask("getCrossReference",
          () -> about.getCrossReference("kayoi", "public", table, "kayoi", "public", "visitors_daily"));
      ask("getTypeInfo", about::getTypeInfo);
      try (ResultSet column = about.getColumns(null, "public", table, "persons")) {
        column.next();
        System.out.println("column " + column.getString("TYPE_NAME") + " "
            + (column.getString("REMARKS").length() > 10));
      }
      // The rest takes no arguments: every answer that is a word, a number or a yes.
      int answered = 0;
      for (Method method : DatabaseMetaData.class.getMethods()) {
        Class<?> gives = method.getReturnType();
        boolean isPlain = gives == String.class || gives == boolean.class || gives == int.class || gives == long.class;
        if (method.getParameterCount() == 0 && isPlain && method.getDeclaringClass() == DatabaseMetaData.class) {
          try {
            method.invoke(about);
            answered++;
          } catch (InvocationTargetException error) {
            System.out.println("failed " + method.getName() + " " + told(error.getCause()));
          }
        }
      }
      System.out.println("answered " + (answered > 100));
      System.out.println("quote " + about.getIdentifierQuoteString() + about.getSearchStringEscape() + " "
          + about.storesLowerCaseIdentifiers() + about.supportsMixedCaseQuotedIdentifiers()
          + about.nullsAreSortedHigh() + about.supportsGroupBy() + about.supportsFullOuterJoins()
          + about.supportsUnionAll() + about.supportsSubqueriesInExists());
      try (Statement statement = connection.createStatement()) {
        for (String sql : new String[] {
          "SELECT 1",
          "SELECT * FROM " + table + " LIMIT 3",
          "SELECT municipality, month, persons, status FROM " + table + " WHERE persons IS NOT NULL LIMIT 2",
          "SELECT NULL AS nothing, true AS yes, 1.5 AS half, CAST(now() AS timestamp) AS now, DATE '2026-03-01' AS day",
          "SELECT * FROM generate_series(1, 100000) AS n(i)",
        }) {
          ask(sql, () -> statement.executeQuery(sql));
        }
        refused("DROP", () -> statement.executeQuery("DROP TABLE " + table));
        refused("pings", () -> statement.executeQuery("SELECT * FROM pings"));
        try {
          statement.executeUpdate("DELETE FROM " + table);
          System.out.println("failed DELETE was not refused");
        } catch (SQLException error) {
          System.out.println("refused DELETE " + told(error));
        }
        // getObject of a time with a zone is not implemented in the driver.
        try (ResultSet now = statement.executeQuery("SELECT now()")) {
          now.next();
          System.out.println("now " + (now.getTimestamp(1).getTime() > 0));
        }
        statement.execute("SET timezone = 'UTC'");
        try (ResultSet zone = statement.executeQuery("SHOW timezone")) {
          zone.next();
          System.out.println("zone " + zone.getString(1));
        }
      }
      try (PreparedStatement prepared = connection.prepareStatement(
          "SELECT municipality, persons FROM " + table + " WHERE persons > ? AND kind = ? AND month >= ?")) {
        for (long more : new long[] {1, 1_000_000_000_000L}) {
          prepared.setLong(1, more);
          prepared.setString(2, "connected");
          prepared.setDate(3, Date.valueOf("2000-01-01"));
          try (ResultSet rows = prepared.executeQuery()) {
            System.out.println("prepared " + rows.next());
          }
        }
        System.out.println("columns " + prepared.getMetaData().getColumnName(1) + " "
            + prepared.getMetaData().getColumnType(2) + " " + prepared.getParameterMetaData().getParameterCount());
      }
      System.out.println("valid " + connection.isValid(5));
      System.out.println("end");
    }
  }
}
