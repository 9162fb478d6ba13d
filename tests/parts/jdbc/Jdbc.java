// Everything that tools ask a JDBC driver when they open a connection or a table.
//
// In: a URL. Out: a line for each question, `ok NAME ROWS`, or `failed NAME MESSAGE`.

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;

public class Jdbc {
  interface Question {
    ResultSet ask() throws Exception;
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
      System.out.println("failed " + name + " " + String.valueOf(error.getMessage()).replace('\n', ' '));
    }
  }

  public static void main(String[] arguments) throws Exception {
    String table = "connected_monthly";
    try (Connection connection = DriverManager.getConnection(arguments[0], "reader", "")) {
      DatabaseMetaData about = connection.getMetaData();
      System.out.println("product " + about.getDatabaseProductName() + " " + about.getDatabaseMajorVersion());
      ask("getCatalogs", about::getCatalogs);
      ask("getSchemas", about::getSchemas);
      ask("getTableTypes", about::getTableTypes);
      ask("getTables", () -> about.getTables(null, "public", "%", null));
      ask("getTablesOfKinds", () -> about.getTables(null, null, "%", new String[] {"TABLE", "VIEW"}));
      ask("getTablesNamed", () -> about.getTables("kayoi", "public", table, new String[] {"TABLE"}));
      ask("getColumns", () -> about.getColumns(null, "public", table, "%"));
      ask("getAllColumns", () -> about.getColumns(null, "public", null, null));
      ask("getPrimaryKeys", () -> about.getPrimaryKeys(null, "public", table));
      ask("getIndexInfo", () -> about.getIndexInfo(null, "public", table, false, true));
      ask("getUniqueIndexInfo", () -> about.getIndexInfo(null, null, table, true, false));
      ask("getImportedKeys", () -> about.getImportedKeys(null, "public", table));
      ask("getExportedKeys", () -> about.getExportedKeys(null, "public", table));
      ask("getCrossReference",
          () -> about.getCrossReference(null, "public", table, null, "public", "visitors_daily"));
      ask("getTypeInfo", about::getTypeInfo);
      ask("getFunctions", () -> about.getFunctions(null, null, "%"));
      ask("getFunctionColumns", () -> about.getFunctionColumns(null, null, "%", "%"));
      ask("getProcedures", () -> about.getProcedures(null, null, "%"));
      ask("getProcedureColumns", () -> about.getProcedureColumns(null, null, "%", "%"));
      ask("getUDTs", () -> about.getUDTs(null, null, "%", null));
      ask("getTablePrivileges", () -> about.getTablePrivileges(null, "public", table));
      ask("getColumnPrivileges", () -> about.getColumnPrivileges(null, "public", table, "%"));
      ask("getBestRowIdentifier",
          () -> about.getBestRowIdentifier(null, "public", table, DatabaseMetaData.bestRowSession, true));
      ask("getVersionColumns", () -> about.getVersionColumns(null, "public", table));
      ask("getClientInfoProperties", about::getClientInfoProperties);
      System.out.println("isolation " + about.getDefaultTransactionIsolation());
      System.out.println("numbers " + about.getMaxColumnNameLength() + " " + about.getSQLKeywords().isEmpty()
          + about.getNumericFunctions().isEmpty() + " " + about.getURL().isEmpty());
      try (Statement statement = connection.createStatement()) {
        for (String sql : new String[] {
          "SELECT version()",
          "SELECT current_setting('server_version_num')",
          "SELECT current_schema(), current_database(), current_user",
          "SELECT typinput='pg_catalog.array_in'::regproc AS is_array, typtype, typname, pg_type.oid"
              + " FROM pg_catalog.pg_type",
          "SHOW TRANSACTION ISOLATION LEVEL",
          "SELECT * FROM " + table + " LIMIT 3",
        }) {
          ask(sql, () -> statement.executeQuery(sql));
        }
      }
      // What a tool asks about the columns of an answer: the types' names and where they come from.
      try (PreparedStatement prepared = connection.prepareStatement(
          "SELECT municipality, persons FROM " + table + " WHERE persons > ? AND kind = ?")) {
        prepared.setLong(1, 1);
        prepared.setString(2, "connected");
        System.out.println("columns " + prepared.getMetaData().getColumnTypeName(2) + " "
            + prepared.getMetaData().getColumnTypeName(1) + " " + prepared.getMetaData().isAutoIncrement(1)
            + " " + prepared.getParameterMetaData().getParameterTypeName(1));
        ask("prepared", prepared::executeQuery);
      }
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      ask("inTransaction", () -> connection.createStatement().executeQuery("SELECT count(*) FROM " + table));
      connection.commit();
      System.out.println("valid " + connection.isValid(5) + " " + connection.getSchema() + " "
          + connection.getCatalog());
      connection.setAutoCommit(true);
      connection.setSchema("public");
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      System.out.println("end");
    }
  }
}
