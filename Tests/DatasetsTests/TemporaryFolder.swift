import Foundation

/// A folder for the files of one test, removed with `remove()`.
struct TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "datasets-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func write(_ bytes: [UInt8], to name: String) throws -> URL {
    let file = url.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file
  }

  func remove() { try? FileManager.default.removeItem(at: url) }
}

/// A file that `Tests/Vectors/make_dataset_fixtures.py` made.
func fixture(_ name: String) throws -> URL {
  guard let folder = Bundle.module.resourceURL else { throw CocoaError(.fileNoSuchFile) }
  return folder.appendingPathComponent("Fixtures").appendingPathComponent(name)
}
