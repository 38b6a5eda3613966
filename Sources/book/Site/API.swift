import ArgumentParser
import Commands
import Files
import Foundation

/// `book api`: what the library's modules offer, from the comments in their sources.
struct API: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api",
    abstract: "Makes pages of the library's public types and functions with DocC.",
    discussion: """
      DocC comes with Swift. Unlike the book, its pages work from a server only: --serve is one.
      """)

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output = ".build/api"

  @Flag(help: "Then show it on this machine, at an address that is printed, until Ctrl-C.")
  var serve = false

  /// What a reader of the chapters meets.
  private static let modules = [
    "MiniTensor", "ElementaryFunctions", "Architectures", "Networks", "Optimization", "Datasets",
    "Training", "Statistics", "RunStore", "Charts",
  ]

  func run() throws {
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    try makeFolder(folder)
    try withTemporaryFolder { scratch in
      let graphs = scratch.appendingPathComponent("graphs", isDirectory: true)
      try makeFolder(graphs)
      try collectSymbolGraphs(in: graphs)
      let pages = scratch.appendingPathComponent("pages", isDirectory: true)
      try call(
        "docc", "convert", "--additional-symbol-graph-dir", graphs.path, "--output-path",
        pages.path, "--fallback-display-name", "ResNet by Hand", "--fallback-bundle-identifier",
        "resnet-by-hand", "--transform-for-static-hosting")
      try Data(list.utf8).write(to: pages.appendingPathComponent("index.html"))
      // What else stands in the folder stays.
      for name in try FileManager.default.contentsOfDirectory(atPath: pages.path) {
        let place = folder.appendingPathComponent(name)
        if FileKind(at: place.path) != nil { try FileManager.default.removeItem(at: place) }
        try FileManager.default.moveItem(at: pages.appendingPathComponent(name), to: place)
      }
    }
    try printLine("\(Self.modules.count) modules in \(folder.path)")
    guard serve else { return }
    let server = try BookServer(folder: folder)
    try printLine("Open \(server.address) in your browser. Ctrl-C ends this.")
    server.run()
  }

  /// What the compiler knows of each module's public symbols.
  private func collectSymbolGraphs(in folder: URL) throws {
    let package = ChapterFolder.package.path
    try call(
      "swift", "package", "--package-path", package, "dump-symbol-graph",
      "--minimum-access-level", "public", "--skip-synthesized-members")
    let build = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent()
    for module in Self.modules {
      let name = "\(module).symbols.json"
      let made = build.appendingPathComponent("symbolgraph").appendingPathComponent(name)
      try Data(contentsOf: made).write(to: folder.appendingPathComponent(name))
    }
  }

  private func call(_ words: String...) throws {
    let (status, complaints) = try book.run(URL(fileURLWithPath: "/usr/bin/env"), words)
    guard status == 0 else {
      tell("`\(words.joined(separator: " "))` failed:\n\(complaints)")
      throw ExitCode(1)
    }
  }

  /// The first page: DocC makes one for each module only.
  private var list: String {
    let items = Self.modules.map {
      "<li><a href=\"documentation/\($0.lowercased())/\">\($0)</a></li>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>ResNet by Hand: the library</title>
      <link rel="icon" href="data:,">
      <style>
      :root { color-scheme: light dark; font: 1.1rem/1.6 system-ui, sans-serif; }
      main { max-width: 30rem; margin: 4rem auto; padding: 0 1rem; }
      </style>
      </head>
      <body>
      <main>
      <h1>ResNet by Hand: the library</h1>
      <ul>
      \(items.joined(separator: "\n"))
      </ul>
      </main>
      </body>
      </html>

      """
  }
}
