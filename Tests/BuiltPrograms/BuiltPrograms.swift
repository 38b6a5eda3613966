import Foundation

/// A program of this package that is built beside the tests.
///
/// - Throws: `CocoaError.fileNoSuchFile` if there is none of this name in a folder above the tests' bundle.
public func builtProgram(_ name: String) throws -> URL {
  let starts =
    [CommandLine.arguments[0], Bundle.main.bundlePath] + Bundle.allBundles.map(\.bundlePath)
  for start in starts {
    var folder = URL(fileURLWithPath: start)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let program = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder),
        !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: program.path)
      {
        return program
      }
    }
  }
  throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: name])
}
