import Foundation
import GRDB
import GRDBSQLite
import Testing

@testable import RunStore

@Suite struct SharedMemoryTests {
  @Test("Where a file system has no shared memory, a store is read and recorded in all the same")
  func none() throws {
    let folder = try TemporaryFolder()
    let run: Run
    do {
      let store = try RunStore(opening: folder.store)
      run = try store.finishedRun(of: .sample())
      store.close()
    }
    let (moved, new) = (folder.path + "/moved.no-shm", folder.path + "/new.no-shm")
    try FileManager.default.copyItem(atPath: folder.store, toPath: moved)
    let fileSystem = FileSystemWithoutSharedMemory()
    defer { fileSystem.forget() }

    // It was made elsewhere and has a write-ahead log, so that it is read in a copy.
    do {
      let reader = try RunStore(readingOnly: moved)
      #expect(try reader.runs() == [run])
    }
    for path in [moved, moved, new, new] {
      let (store, warning) = RunStore.openIfPossible(path)
      #expect(warning == nil)
      let recorded = try #require(store).finishedRun(of: .sample(seed: 1))
      store?.close()
      #expect(try RunStore(readingOnly: path).runs().contains(recorded))
    }
    #expect(try RunStore(readingOnly: moved).runs().count == 3)
    #expect(try RunStore(readingOnly: new).runs().count == 2)
  }
}

/// Takes from SQLite, for files whose names end with `.no-shm`, what processes need to share a write-ahead log.
private struct FileSystemWithoutSharedMemory {
  // C functions can't keep anything. All that is here is written before another thread sees it, by one test.
  nonisolated(unsafe) private static let ordinary = sqlite3_vfs_find(nil)!
  nonisolated(unsafe) private static let changed = UnsafeMutablePointer<sqlite3_vfs>.allocate(
    capacity: 1)
  nonisolated(unsafe) private static let methods = UnsafeMutablePointer<sqlite3_io_methods>
    .allocate(capacity: 1)

  init() {
    Self.changed.initialize(to: Self.ordinary.pointee)
    Self.changed.pointee.xOpen = { _, name, file, flags, outFlags in
      let code = Self.ordinary.pointee.xOpen(Self.ordinary, name, file, flags, outFlags)
      guard code == SQLITE_OK, let file, let name, String(cString: name).hasSuffix(".no-shm")
      else { return code }
      Self.methods.initialize(to: file.pointee.pMethods.pointee)
      Self.methods.pointee.xShmMap = { _, _, _, _, _ in SQLITE_IOERR | 21 << 8 }  // …_SHMMAP
      file.pointee.pMethods = UnsafePointer(Self.methods)
      return code
    }
    sqlite3_vfs_register(Self.changed, 1)
  }

  func forget() { sqlite3_vfs_register(Self.ordinary, 1) }
}
