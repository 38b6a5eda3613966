import Files

/// Why a class can't be handed out to, regraded or listed.
public enum TeachingError: Error, CustomStringConvertible {
  /// Submissions can't be confined: bubblewrap isn't there.
  case noSandbox
  /// Submissions can't be confined on this system.
  case noSandboxHere
  /// Bubblewrap is there and doesn't work, and what it said.
  case brokenSandbox(String)
  /// A program is missing, and the package that it comes with.
  case noProgram(String, package: String)
  /// The package has no solutions to make a class of.
  case noSolutions
  /// A submission can't be read, and why: a sentence.
  case unreadable(String)
  /// A folder for results or a package can't be used, and why.
  case badFolder(String, reason: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .noSandbox:
      "Submissions run in a sandbox, and bubblewrap, which makes it, isn't installed. "
        + "Install it (`sudo apt-get install -y bubblewrap`), or give --trusted if you trust "
        + "everything that was handed in as much as your own code."
    case .noSandboxHere:
      "Submissions run in a sandbox, which needs Linux and bubblewrap. Regrade on Linux, or give "
        + "--trusted if you trust everything that was handed in as much as your own code."
    case .brokenSandbox(let words):
      "Submissions run in a sandbox, and bubblewrap can't make one here: \(words) "
        + "In a container it needs to be run with the right to make namespaces; docs/teaching.md "
        + "says more. Or give --trusted if you trust everything that was handed in."
    case .noProgram(let name, let package):
      "The program \(name) isn't there. Install it: `sudo apt-get install -y \(package)`."
    case .noSolutions:
      "This package was handed out without solutions, of which a class is made. Use the one that it "
        + "was made from."
    case .unreadable(let sentence): sentence
    case .badFolder(let path, let reason): "\(path.visible): \(reason)"
    }
  }
}
