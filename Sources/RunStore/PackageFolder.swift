import Foundation

/// The folder of this package's sources, from which the default store and the code's version come.
enum PackageFolder {
  /// The root of the clone this was compiled in; nil once it has been moved or deleted.
  static var path: String? {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let manifest = root.appendingPathComponent("Package.swift").path
    return FileManager.default.fileExists(atPath: manifest) ? root.path : nil
  }
}

extension RunStore {
  /// Where runs are kept unless a program is told otherwise: `runs.sqlite` in the package's root, or in the
  /// current folder when the package is no longer where it was built.
  ///
  /// Programs let `--store FILE` and the environment's `RESNET_STORE` go before it.
  public static var defaultPath: String {
    let folder = PackageFolder.path ?? FileManager.default.currentDirectoryPath
    return URL(fileURLWithPath: folder).appendingPathComponent("runs.sqlite").path
  }
}
