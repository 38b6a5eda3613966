import Foundation

/// Which code made a run.
///
/// The commit is read from git's own files, so that nothing has to be installed or started. Changes
/// that were not committed can't be seen this way.
package enum CodeVersion {
  /// The version of this package.
  static let package = "0.1.0"

  /// The package's version, with the first twelve digits of the commit if `folder` is a clone: `0.1.0+3c8dee3a1b2c`.
  package static func current(in folder: String?) -> String {
    guard let folder, let commit = commit(ofCloneAt: folder) else { return package }
    return "\(package)+\(commit.prefix(12))"
  }

  /// The commit that is checked out in a clone or in one of its worktrees.
  ///
  /// - Returns: nil if the folder is no clone, or keeps its references in a form not known here.
  static func commit(ofCloneAt folder: String) -> String? {
    let clone = URL(fileURLWithPath: folder)
    let dotGit = clone.appendingPathComponent(".git")
    // In a worktree `.git` is a file that names the folder with its HEAD, and that folder's `commondir`
    // names the folder with the branches.
    let gitFolder =
      firstLine(of: dotGit).flatMap { line in
        line.hasPrefix("gitdir: ") ? resolve(String(line.dropFirst(8)), in: clone) : nil
      } ?? dotGit
    let commonFolder =
      firstLine(of: gitFolder.appendingPathComponent("commondir"))
      .map { resolve($0, in: gitFolder) } ?? gitFolder

    guard let head = firstLine(of: gitFolder.appendingPathComponent("HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return hash(head) }
    let reference = String(head.dropFirst(5))
    for folder in [gitFolder, commonFolder] {
      if let commit = firstLine(of: folder.appendingPathComponent(reference)).flatMap(hash) {
        return commit
      }
    }
    let packed = try? String(
      contentsOf: commonFolder.appendingPathComponent("packed-refs"), encoding: .utf8)
    for line in packed?.split(separator: "\n") ?? [] where line.hasSuffix(" " + reference) {
      return hash(String(line.prefix { $0 != " " }))
    }
    return nil
  }

  private static func firstLine(of file: URL) -> String? {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    return text.split(separator: "\n").first.map(String.init)
  }

  private static func resolve(_ path: String, in folder: URL) -> URL {
    path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
  }

  private static func hash(_ text: String) -> String? {
    [40, 64].contains(text.count) && text.allSatisfy(\.isHexDigit) ? text : nil
  }
}
