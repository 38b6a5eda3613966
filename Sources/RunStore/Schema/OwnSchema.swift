import GRDB

/// What the first migrations make, read from an empty store in memory: what a file has to look like before
/// anything is asked of it, and the only text of a view that is ever executed.
///
/// A file that somebody handed in may define anything: a table `runs` whose columns are computed, a view in
/// its place, an index that lets a run keep one number only. Its own text is compared, never run.
struct OwnSchema {
  /// A line of `sqlite_master`.
  struct Object: Hashable {
    let type: String
    let name: String
    let sql: String?

    init(_ row: Row) throws {
      type = try row.decode(forColumn: "type")
      name = try row.decode(forColumn: "name")
      sql = try row.decode(forColumn: "sql")
    }

    /// SQLite doesn't tell capitals from small letters in names.
    var key: String { name.lowercased() }
  }

  /// The columns of each table.
  let columns: [String: [String]]
  private let objects: [Object]
  private let indexes: [String: Set<String>]

  /// The schema of a version.
  init(version: Int) throws {
    let store = try DatabaseQueue()
    (objects, indexes, columns) = try store.write { database in
      try Schema.make(database, upTo: version)
      let objects = try Self.objects(in: database)
      var indexes: [String: Set<String>] = [:]
      var columns: [String: [String]] = [:]
      for table in objects where table.type == "table" {
        indexes[table.name] = try Self.indexes(of: table.name, in: database)
        columns[table.name] = try String.fetchAll(
          database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table.name])
      }
      return (objects, indexes, columns)
    }
  }

  /// Compares a file with it.
  ///
  /// Whatever else is in the file is left alone, and its views and triggers are never run. Only what would
  /// change what is recorded matters: an index or a trigger of our tables.
  ///
  /// - Parameters:
  ///   - database: a connection to the file, on which nothing has been asked yet.
  ///   - recording: whether the file shall be written.
  ///   - path: the file's name.
  /// - Throws: `RunStoreError.foreignSchema`.
  func check(_ database: Database, recording: Bool, path: String) throws {
    let found = try Self.objects(in: database)
    func refuse(_ what: String) -> RunStoreError { .foreignSchema(path: path, what: what) }
    let known = Dictionary(uniqueKeysWithValues: objects.map { ($0.key, $0) })
    let later = try Set(OwnSchema.current.objects.map(\.key))
    for object in found {
      guard let own = known[object.key] else {
        if later.contains(object.key) { throw refuse("\(object.name) is of a later version") }
        continue
      }
      // A view's text isn't used.
      guard own.type == "view" ? object.type == "view" : object == own else {
        throw refuse("the \(own.type) \(own.name) has another form")
      }
    }
    for own in objects where own.type == "table" {
      guard found.contains(own) else { throw refuse("the table \(own.name) is missing") }
      guard recording else { continue }
      // Of the indexes that SQLite keeps, whatever their lines in `sqlite_master` say.
      for index in try Self.indexes(of: own.name, in: database)
      where indexes[own.name]?.contains(index) != true {
        throw refuse("\(own.name) has a further index, \(index)")
      }
      let triggers = try String.fetchAll(
        database,
        sql: "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = ?",
        arguments: [own.key])
      if let trigger = triggers.first { throw refuse("\(own.name) has a trigger, \(trigger)") }
    }
  }

  /// The schema of this program's version.
  static var current: OwnSchema {
    get throws { try loaded.get() }
  }

  private static let loaded = Result { try OwnSchema(version: Schema.version) }

  /// The schema of a version, 0 for that of an empty file. Each is made once; those of older versions only where
  /// there is an older file, since making them takes longer than most questions.
  static func of(version: Int) throws -> OwnSchema {
    switch version {
    case Schema.version: try current
    case 0: try empty.get()
    default: try older.get()[version - 1]
    }
  }

  private static let empty = Result { try OwnSchema(version: 0) }
  private static let older = Result { try (1..<Schema.version).map(OwnSchema.init(version:)) }

  private static func objects(in database: Database) throws -> [Object] {
    try Row.fetchAll(database, sql: "SELECT type, name, sql FROM sqlite_master").map(Object.init)
  }

  private static func indexes(of table: String, in database: Database) throws -> Set<String> {
    try Set(
      String.fetchAll(
        database, sql: "SELECT name FROM pragma_index_list(?)", arguments: [table]))
  }
}
