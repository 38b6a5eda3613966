// swift-tools-version: 6.1
//
// The exercises of all chapters, for your editor: it knows the library and your functions through this package.
// Nothing of the package above depends on it, so that a mistake in an exercise breaks nothing else.
// `swift run chapterN exercises` compiles the files by themselves and doesn't need it.
import Foundation
import PackageDescription

let files = FileManager.default
let here = Context.packageDirectory

/// The chapters whose folder Exercises has Swift files in it.
let folders = try! files.contentsOfDirectory(atPath: here).sorted().filter { folder in
  let inside = (try? files.contentsOfDirectory(atPath: "\(here)/\(folder)/Exercises")) ?? []
  return inside.contains { $0.hasSuffix(".swift") }
}

let package = Package(
  name: "exercises",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "resnet-by-hand", path: "..")],
  targets: folders.map { folder in
    let path = "\(folder)/Exercises"
    let other = try! files.contentsOfDirectory(atPath: "\(here)/\(path)").filter {
      !$0.hasSuffix(".swift")
    }
    return .target(
      name: "Chapter\(Int(folder.prefix(2)) ?? 0)Exercises",
      dependencies: [.product(name: "ExerciseSupport", package: "resnet-by-hand")],
      path: path, exclude: other)
  },
  swiftLanguageModes: [.v6]
)
