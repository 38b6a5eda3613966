// What Swift can't say to SQLite: `sqlite3_db_config` takes a list of arguments of any length.
#ifndef STORE_DEFENCE_H
#define STORE_DEFENCE_H

#include "CopyRows.h"

struct sqlite3;

/// Makes a connection safe against the schema of the file it opened: no trigger and no view of the
/// file is ever run, the text of the schema can't be written, and no second database can be attached
/// (which `VACUUM INTO` needs).
/// Views and triggers in `temp` go on working (SQLite 3.35).
///
/// Values of more than `longest` bytes are refused: a few characters of SQL could ask for gigabytes.
///
/// Returns 0, or the code of SQLite's first error.
int defend_connection(struct sqlite3 *connection, int longest);

/// Makes SQLite refuse memory beyond so many bytes in this process (SQLite 3.31).
void limit_memory(long long bytes);

#endif
