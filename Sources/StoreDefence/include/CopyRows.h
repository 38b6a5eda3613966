// Swift would look at every value of every row, which takes ten times as long.
#ifndef COPY_ROWS_H
#define COPY_ROWS_H

struct sqlite3_stmt;

/// Runs a statement `to`, with as many parameters as `from` has columns, once for every row of `from`. The two may
/// belong to different connections.
///
/// Returns 0, or the code of SQLite's error; `failed_to` then says whether `to` had it. Both statements are reset.
int copy_rows(struct sqlite3_stmt *from, struct sqlite3_stmt *to, int *failed_to);

#endif
