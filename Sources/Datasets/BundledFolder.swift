import Foundation

/// Finds a folder of files that the package carries along.
///
/// The build puts a copy into a bundle beside the program. A program that was moved without the
/// bundle can still use the source folder, where that exists. `Bundle.module` looks in similar
/// places, but ends the program when there is nothing.
///
/// - Throws: `DatasetError` with the places that were searched.
func bundledFolder(
  _ name: String, beside program: URL = Bundle.main.bundleURL,
  sources: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
) throws(DatasetError) -> URL {
  #if os(Linux)
    let bundles = ["resnet-by-hand_Datasets.resources"]
  #else
    let bundles = [
      "resnet-by-hand_Datasets.bundle", "resnet-by-hand_Datasets.bundle/Contents/Resources",
    ]
  #endif
  let parents = bundles.map { program.appendingPathComponent($0) } + [sources]
  let candidates = parents.map { $0.appendingPathComponent(name) }
  for folder in candidates where FileManager.default.fileExists(atPath: folder.path) {
    return folder
  }
  throw DatasetError(
    fault: .missing, file: candidates[0].path, offset: nil,
    expected: "the folder \(name) of the package",
    found: "nothing there, nor at \(candidates.dropFirst().map(\.path).joined(separator: ", "))",
    remedy: "Copy \(bundles[0]) from the build folder to beside the program, or use swift run.")
}
