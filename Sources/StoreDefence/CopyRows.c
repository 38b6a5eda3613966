#include "CopyRows.h"
#include <sqlite3.h>

int copy_rows(sqlite3_stmt *from, sqlite3_stmt *to, int *failed_to) {
  *failed_to = 0;
  int code;
  while ((code = sqlite3_step(from)) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(from) && code == SQLITE_ROW; column++) {
      int bound = sqlite3_bind_value(to, column + 1, sqlite3_column_value(from, column));
      if (bound != SQLITE_OK) code = bound;
    }
    if (code == SQLITE_ROW && (code = sqlite3_step(to)) == SQLITE_DONE) code = SQLITE_ROW;
    // Gives the same code again if the step failed.
    sqlite3_reset(to);
    if (code != SQLITE_ROW) {
      *failed_to = 1;
      break;
    }
  }
  sqlite3_reset(from);
  sqlite3_clear_bindings(to);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}
