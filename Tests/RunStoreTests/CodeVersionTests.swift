import Foundation
import Testing

@testable import RunStore

@Suite struct CodeVersionTests {
  let folder: TemporaryFolder
  let commit = "0123456789abcdef0123456789abcdef01234567"

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to file: String) throws {
    let url = URL(fileURLWithPath: folder.path + "/" + file)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test("A clone's version names the commit of its branch")
  func branch() throws {
    try write("ref: refs/heads/main\n", to: ".git/HEAD")
    try write(commit + "\n", to: ".git/refs/heads/main")
    #expect(CodeVersion.current(in: folder.path) == "\(CodeVersion.package)+0123456789ab")
  }

  @Test("A branch that git has packed is found")
  func packed() throws {
    try write("ref: refs/heads/main\n", to: ".git/HEAD")
    let other = String(commit.reversed())
    try write(
      "# pack-refs with: peeled fully-peeled sorted\n\(other) refs/heads/x/refs/heads/main\n"
        + "\(other) refs/heads/domain\n\(commit) refs/heads/main\n^\(other)\n",
      to: ".git/packed-refs")
    #expect(CodeVersion.commit(ofCloneAt: folder.path) == commit)
  }

  @Test("A detached HEAD is its own commit")
  func detached() throws {
    try write(commit + "\n", to: ".git/HEAD")
    #expect(CodeVersion.commit(ofCloneAt: folder.path) == commit)
  }

  @Test("A worktree finds its branch in the clone it belongs to")
  func worktree() throws {
    try write("gitdir: \(folder.path)/clone/.git/worktrees/w\n", to: "w/.git")
    try write("ref: refs/heads/w\n", to: "clone/.git/worktrees/w/HEAD")
    try write("../..\n", to: "clone/.git/worktrees/w/commondir")
    try write(commit + "\n", to: "clone/.git/refs/heads/w")
    #expect(CodeVersion.commit(ofCloneAt: folder.path + "/w") == commit)
  }

  @Test("Without a clone the version is the package's")
  func noClone() throws {
    #expect(CodeVersion.current(in: nil) == CodeVersion.package)
    #expect(CodeVersion.current(in: folder.path) == CodeVersion.package)
    try write("ref: refs/heads/unborn\n", to: ".git/HEAD")
    #expect(CodeVersion.current(in: folder.path) == CodeVersion.package)
  }
}
