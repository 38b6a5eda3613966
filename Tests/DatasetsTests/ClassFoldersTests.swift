import Foundation
import Testing

@testable import Datasets

@Suite("Folders of pictures")
struct ClassFoldersTests {
  /// A folder with pictures of one pixel at these paths, each of a colour of its own.
  private func folder(_ paths: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, path) in paths.enumerated() {
      try makeParent(of: path, in: folder)
      _ = try folder.write(Array("P2 1 1 99 \(index)".utf8), to: path)
    }
    return folder
  }

  private func makeParent(of path: String, in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent(path).deletingLastPathComponent(),
      withIntermediateDirectories: true)
  }

  private func link(_ path: String, to target: String, in folder: TemporaryFolder) throws {
    try makeParent(of: path, in: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appendingPathComponent(path).path, withDestinationPath: target)
  }

  /// What is wrong with a folder; nil if nothing is.
  private func problem(_ folder: TemporaryFolder) -> String? {
    do {
      _ = try Dataset.bothParts(of: .folder, in: folder.url)
      return nil
    } catch {
      return error.description
    }
  }

  static let both = ["train/cat/1.ppm", "train/dog/1.ppm", "test/cat/1.ppm", "test/dog/1.ppm"]

  @Test("A part has a class for each of its folders, in the order of their names")
  func classes() throws {
    let folder = try folder([
      "train/b/2.pgm", "train/a/1.PPM", "train/b/1.pgm", "test/a/1.pnm", "test/b/1.ppm",
    ])
    defer { folder.remove() }
    _ = try folder.write([1], to: "train/a/notes.txt")
    _ = try folder.write([1], to: "train/README.md")
    try makeParent(of: "train/.hidden/1.jpg", in: folder)
    let (train, test) = try Dataset.bothParts(of: .folder, in: folder.url)
    #expect(train.classNames == ["a", "b"] && test.classNames == ["a", "b"])
    #expect(train.labels == [0, 1, 1])
    #expect(train.imageShape == [224, 224, 3])
    #expect(train.images[1, 100, 100, 1] == Float(5) / 255)
  }

  @Test("A pipe or device with the name of a picture is refused, not waited for")
  func pipe() throws {
    for target in [nil, "/dev/zero"] {
      let folder = try folder(Self.both)
      defer { folder.remove() }
      if let target {
        try link("train/dog/2.ppm", to: target, in: folder)
      } else {
        try #require(mkfifo(folder.url.appendingPathComponent("train/dog/2.ppm").path, 0o600) == 0)
      }
      #expect(problem(folder)?.contains("found 2.ppm, which is no file") == true)
    }
  }

  @Test(
    "Classes are matched by name: what one part lacks or has too many is named, with both parts",
    arguments: [
      (["test/cat/1.ppm", "test/dog/1.ppm", "train/cat/1.ppm"], "found dog, which"),
      (["train/cat/1.ppm", "train/dog/1.ppm", "test/dog/1.ppm"], "found no cat"),
      (
        ["train/cat/1.ppm", "train/dog/1.ppm", "test/cat/1.ppm", "test/zebra/1.ppm"],
        "found no dog and zebra"
      ),
      (
        ["train/Cat/1.ppm", "train/dog/1.ppm", "test/cat/1.ppm", "test/dog/1.ppm"],
        "upper and lower case only"
      ),
      (["train/a/1.ppm", "train/b/1.ppm", "train/c/1.ppm", "test/a/1.ppm"], "no b, c"),
    ])
  func mismatch(paths: [String], hint: String) throws {
    let folder = try folder(paths)
    defer { folder.remove() }
    for part in Dataset.Part.allCases {
      let error = #expect(throws: DatasetError.self) {
        try Dataset.named(.folder, part, in: folder.url)
      }
      let text = error?.description ?? ""
      #expect(error?.fault == .mismatch)
      #expect(text.contains(hint) && text.contains("/train") && text.contains("/test"), "\(text)")
    }
  }

  @Test("One part alone has its own classes")
  func alone() throws {
    let folder = try folder(["test/x/1.ppm"])
    defer { folder.remove() }
    #expect(try Dataset.named(.folder, .test, in: folder.url).classNames == ["x"])
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.folder, .train, in: folder.url)
    }
    #expect(error?.description.contains("expected the folder train in it, found only test") == true)
  }

  @Test("Links to parts, to classes and to pictures are followed")
  func links() throws {
    let folder = try folder([
      "elsewhere/cat/1.ppm", "dogs/1.ppm", "test/cat/1.ppm", "test/dog/1.ppm", "one.ppm",
    ])
    defer { folder.remove() }
    try link("train", to: "elsewhere", in: folder)
    try link("elsewhere/dog", to: "../dogs", in: folder)
    try link("elsewhere/cat/2.ppm", to: "../../one.ppm", in: folder)
    let train = try Dataset.named(.folder, .train, in: folder.url)
    #expect(train.classNames == ["cat", "dog"] && train.labels == [0, 0, 1])
  }

  @Test("A link that leads nowhere, in a circle or to a picture file is named, not dropped")
  func badLinks() throws {
    for (path, target, hint) in [
      ("train/owl", "../nothing", "train/owl"), ("train/owl", "owl", "circle"),
      ("train/cat/2.ppm", "nothing.ppm", "train/cat/2.ppm"),
      ("train/3.ppm", "cat/1.ppm", "3.ppm in none"), ("train/cat/in", "..", "the folder in"),
    ] {
      let folder = try folder(Self.both)
      defer { folder.remove() }
      try link(path, to: target, in: folder)
      let text = problem(folder)
      #expect(text?.contains(hint) == true, "\(path) to \(target): \(text ?? "no problem")")
    }
  }

  @Test("A folder isn't two classes, nor in both parts")
  func same() throws {
    for (path, target) in [
      ("train/dog", "cat"), ("test/dog", "../train/dog"), ("test/dog", "../train/cat"),
    ] {
      let folder = try folder(Self.both)
      defer { folder.remove() }
      try FileManager.default.removeItem(at: folder.url.appendingPathComponent(path))
      try link(path, to: target, in: folder)
      #expect(problem(folder)?.contains("a link to the same folder") == true, "\(path), \(target)")
    }
    let folder = try folder(["train/cat/1.ppm"])
    defer { folder.remove() }
    try link("test", to: "train", in: folder)
    #expect(problem(folder)?.contains("a link to the same folder") == true)
    let copies = try TemporaryFolder()
    defer { copies.remove() }
    for part in ["train", "test"] {
      try makeParent(of: "\(part)/cat/1.ppm", in: copies)
      _ = try copies.write(Array("P2 1 1 9 5".utf8), to: "\(part)/cat/1.ppm")
    }
    #expect(problem(copies)?.contains("found the training images as test images") == true)
  }

  @Test(
    "What would be left out is named: other formats, empty classes, pictures in no class or too deep",
    arguments: [
      ("train/cat/2.jpg", "2.jpg. Convert them"), ("test/dog/2.PNG", "2.PNG. Convert them"),
      ("train/loose.ppm", "loose.ppm in none"), ("train/owl/empty.txt", "none in the class owl"),
      ("train/cat/kittens/1.ppm", "the folder kittens"),
    ])
  func leftOut(path: String, hint: String) throws {
    let folder = try folder(Self.both + [path])
    defer { folder.remove() }
    #expect(problem(folder)?.contains(hint) == true, "\(problem(folder) ?? "no problem")")
  }

  @Test("Pictures beside what they were converted from are no matter")
  func converted() throws {
    let folder = try folder(Self.both + ["train/cat/1.jpg"])
    defer { folder.remove() }
    #expect(problem(folder) == nil)
  }

  @Test("A name that isn't UTF-8 is refused, and control characters are shown as such")
  func names() throws {
    let folder = try folder(Self.both + ["train/ow\u{1B}[2Jl/1.ppm"])
    defer { folder.remove() }
    #expect(problem(folder)?.contains("ow\\u{1B}[2Jl") == true)
  }

  @Test("Pictures of several sizes without a transform that makes them alike are refused")
  func sizes() throws {
    let folder = try folder(["cat/1.ppm"])
    defer { folder.remove() }
    _ = try folder.write(Array("P2 2 1 9 1 2".utf8), to: "cat/2.ppm")
    let error = #expect(throws: DatasetError.self) {
      try PictureFolder.read(folder.url, name: "folder", transform: { $0 })
    }
    #expect(error?.fault == .mismatch && error?.found == "1x2x1")
  }
}
