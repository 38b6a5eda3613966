import Files
import Foundation

/// The folders of a part of a picture data set, one per class, and the pictures in them. Links are followed.
struct ClassFolders {
  /// A class: its name, its folder and its pictures, in the order of their names.
  struct Class {
    let name: String
    let folder: URL
    let pictures: [URL]
  }

  /// The folder of the part.
  let root: URL
  /// The classes in the order of their names.
  let classes: [Class]

  /// Looks for classes and pictures; reads none.
  ///
  /// - Throws: `DatasetError` if something can't be read, a class has no picture, or there is a picture that
  ///   would be left out: in no class, in a folder within a class, or in another format.
  init(_ root: URL) throws(DatasetError) {
    let folder = try DataFolder(root, expected: "a folder with a folder of pictures for each class")
    var classes: [Class] = []
    for name in folder.names {
      let entry = root.appendingPathComponent(name)
      if let obstacle = DataFolder.obstacle(entry) {
        throw DatasetError(obstacle, expected: "a folder with the pictures of a class")
      }
      if DataFolder.isFolder(entry) {
        classes.append(try Self.classFolder(name, entry))
      } else if Self.isPicture(name) {
        throw DatasetError(
          fault: .mismatch, file: root.path, offset: nil,
          expected: "pictures in folders of classes",
          found: "\(name) in none", remedy: "Move it into the folder of its class.")
      }
    }
    guard !classes.isEmpty else {
      throw DatasetError(
        fault: .missing, file: root.path, offset: nil,
        expected: "a folder for each class, with .ppm or .pgm pictures in it",
        found: folder.contents, remedy: "Make one for each class, also if there is only one.")
    }
    for (first, second) in zip(classes, classes.dropFirst()) where first.name == second.name {
      throw DatasetError(
        fault: .mismatch, file: root.path, offset: nil, expected: "a folder for each class",
        found: "two of the name \(first.name), written in two ways", remedy: "Join them.")
    }
    (self.root, self.classes) = (root, classes)
    try checkDistinct(from: nil)
  }

  private static func isPicture(_ name: String) -> Bool {
    ["ppm", "pgm", "pnm"].contains((name as NSString).pathExtension.lowercased())
  }

  private static func classFolder(_ name: String, _ url: URL) throws(DatasetError) -> Class {
    let folder = try DataFolder(url)
    let pictures = folder.names.filter(isPicture)
    let stems = Set(pictures.map { ($0 as NSString).deletingPathExtension })
    let others = folder.names.filter { name in
      ["jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "heic", "pbm", "pam"].contains(
        (name as NSString).pathExtension.lowercased())
        && !stems.contains((name as NSString).deletingPathExtension)
    }
    func refusal(_ found: String, _ remedy: String) -> DatasetError {
      DatasetError(
        fault: .mismatch, file: url.path, offset: nil, expected: "pictures as .ppm or .pgm",
        found: found, remedy: remedy)
    }
    if let other = others.first {
      throw refusal(
        others.count == 1 ? other : "\(others.count) in other formats, such as \(other)",
        "Convert them, for instance with `mogrify -format ppm *.\((other as NSString).pathExtension)`."
      )
    }
    if let inner = folder.names.first(where: { DataFolder.isFolder(url.appendingPathComponent($0)) }
    ) {
      throw refusal("the folder \(inner)", "Put the pictures of a class into its folder itself.")
    }
    // A pipe would be waited for, and a device may have no end.
    if let other = pictures.first(where: { name in
      FileKind(at: url.appendingPathComponent(name).path).map { $0.type != S_IFREG } ?? false
    }) {
      throw refusal("\(other), which is no file", "Remove it.")
    }
    guard !pictures.isEmpty else {
      throw refusal("none in the class \(name)", "Give it pictures, or remove the folder.")
    }
    return Class(name: name, folder: url, pictures: pictures.map { url.appendingPathComponent($0) })
  }

  /// Checks that the other part has the same classes, by name, and no folder in common.
  ///
  /// - Throws: `DatasetError` that names both parts, and which classes are missing or too many.
  func check(against other: ClassFolders) throws(DatasetError) {
    let (own, theirs) = (Set(classes.map(\.name)), Set(other.classes.map(\.name)))
    if own != theirs {
      let missing = theirs.subtracting(own).sorted()
      let extra = own.subtracting(theirs).sorted()
      let isCase = Set(missing.map { $0.lowercased() }) == Set(extra.map { $0.lowercased() })
      let found = [
        missing.isEmpty ? nil : "no \(missing.joined(separator: ", "))",
        extra.isEmpty ? nil : "\(extra.joined(separator: ", ")), which that hasn't",
      ].compactMap { $0 }.joined(separator: " and ")
      throw DatasetError(
        fault: .mismatch, file: root.path, offset: nil,
        expected: "a folder for each class of \(other.root.path)", found: found,
        remedy: isCase
          ? "The names differ in upper and lower case only: write them alike."
          : "Give both the same classes.")
    }
    try checkDistinct(from: other)
  }

  /// Checks that no two classes, here and in another part, are one folder.
  private func checkDistinct(from other: ClassFolders?) throws(DatasetError) {
    let folders = classes.map(\.folder) + (other?.classes.map(\.folder) ?? [])
    var known: [String: URL] = [:]
    for folder in folders {
      let place = folder.resolvingSymlinksInPath().path
      if let twin = known.updateValue(folder, forKey: place) {
        throw DatasetError(
          fault: .mismatch, file: folder.path, offset: nil,
          expected: "other pictures than in \(twin.path)", found: "a link to the same folder",
          remedy: "Give every class and part pictures of its own.")
      }
    }
  }
}
