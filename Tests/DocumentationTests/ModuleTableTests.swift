import Foundation
import Testing

@testable import book

@Suite("The table of modules in CONTRIBUTING.md")
struct ModuleTableTests {
  private func text(_ path: String) throws -> String {
    try String(
      contentsOf: ChapterFolder.package.appendingPathComponent(path), encoding: .utf8)
  }

  /// The names in backticks.
  private func names(in text: Substring) -> Set<String> {
    Set(text.matches(of: /`(\w+)`/).map { String($0.1) })
  }

  @Test("It has every folder of Sources, and says which others the manifest lets it use")
  func complete() throws {
    let folders = Set(
      try FileManager.default.contentsOfDirectory(
        atPath: ChapterFolder.package.appendingPathComponent("Sources").path))
    let manifest = try text("Package.swift")
      .split(separator: /\.(?:executableTarget|target|testTarget|systemLibrary)\(/)
    var rows: Set<String> = []
    for row in try text("CONTRIBUTING.md").matches(of: /\| `Sources\/([\w-]+)\/` \|.*\|(.*)\|/) {
      let module = String(row.1)
      rows.insert(module)
      let target = try #require(
        manifest.first {
          $0.contains("path: \"Sources/\(module)\"")
            || $0.contains("name: \"\(module)\"") && !$0.contains("path:")
        }, "\(module)")
      let used = Set(target.matches(of: /"(\w+)"/).map { String($0.1) }).intersection(folders)
        .subtracting([module])
      #expect(names(in: row.2) == used, "\(module)")
    }
    #expect(rows == folders)
  }

  @Test("A target names every module that it imports")
  func named() throws {
    let files = try ["Sources", "Tests", "chapters"].flatMap { folder in
      try FileManager.default.subpathsOfDirectory(
        atPath: ChapterFolder.package.appendingPathComponent(folder).path
      ).filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
    }
    let chapters = files.compactMap { $0.firstMatch(of: /^(chapters\/\d\d-[\w-]+\/)main/)?.1 }
    let targets = try text("Package.swift").split(separator: /\.(?:executableT|t|testT)arget\(/)
      .dropFirst()
    // What a name in the manifest stands for that isn't the module's.
    let lists = [
      ("chapterPrograms", /"chapter\d+"/), ("chapterLibraries", /"Chapter\d+Library"/),
      ("name: library", /"Chapter\d+Library"/),
    ]
    let system: Set<String> = [
      "Foundation", "FoundationNetworking", "Glibc", "Darwin", "Dispatch", "Synchronization",
      "Testing", "PackageDescription",
    ]
    var looked = 0
    for target in targets {
      guard let name = target.firstMatch(of: /name: (?:"(\w+)"|"chapter\\\()/) else {
        continue
      }
      let module = name.1.map(String.init)
      let folders =
        if let path = target.firstMatch(of: /path: "([\w\/]+)"/) {
          ["\(path.1)/"]
        } else if let module {
          [module.hasSuffix("Tests") ? "Tests/\(module)/" : "Sources/\(module)/"]
        } else {
          chapters.map(String.init)
        }
      let own = files.filter { file in
        folders.contains { file.hasPrefix($0) } && !file.contains("/Exercises/")
          && !file.contains("/Solutions/") && !file.contains("/.build")
      }
      for file in own {
        looked += 1
        for found in try text(file).matches(of: /(?m)^(?:@\w+ |public )*import (?:\w+ )?(\w+)$/) {
          let imported = String(found.1)
          let isNamed =
            target.contains("\"\(imported)\"")
            || lists.contains { list, pattern in
              target.contains(list) && "\"\(imported)\"".wholeMatch(of: pattern) != nil
            }
          #expect(
            isNamed || system.contains(imported),
            "\(file) imports \(imported), which \(module ?? "a chapter") doesn't name in Package.swift"
          )
        }
      }
    }
    #expect(looked > 600)
  }

  @Test("What a web page runs imports nothing but what a web page has")
  func freestanding() throws {
    let modules = [
      "ElementaryFunctions", "MiniTensor", "Architectures", "Optimization", "Networks",
      "Playground",
    ]
    var files = try modules.flatMap { module in
      let folder = ChapterFolder.package.appendingPathComponent("Sources/\(module)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
        $0.hasSuffix(".swift") && !$0.hasPrefix("Weights/") && !$0.hasSuffix("/POSIX.swift")
      }
      #expect(!files.isEmpty)
      return files.map { "\(module)/\($0)" }
    }
    // Of the data sets, what needs no files: as the script says that compiles them.
    let script = try text("Sources/Playground/Web/compile")
    let names = try #require(script.firstMatch(of: /Sources\/Datasets\/\{([\w,]+)\}/)).1
    files += names.split(separator: ",").map { "Datasets/\($0).swift" }
    for file in files {
      let imports = try text("Sources/\(file)").matches(of: /\bimport (\w+)/).map { String($0.1) }
      let strange = Set(imports).subtracting(modules + ["Datasets", "Processor", "BuildFlags"])
      #expect(strange.isEmpty, "\(file) imports \(strange)")
    }
  }
}
