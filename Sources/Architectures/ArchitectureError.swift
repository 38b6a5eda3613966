/// Why there is no such network.
public enum ArchitectureError: Error, Equatable, CustomStringConvertible {
  /// The depth isn't 6n + 2.
  case depth(Int)
  /// The width is below 1.
  case width(Int)
  /// The images have no channel.
  case inputChannels(Int)
  /// There is nothing to tell apart.
  case classes(Int)
  /// No network is called so.
  case name(String)
  /// The option is one of other networks.
  case option(String, of: String)
  /// The images have more or fewer channels than the network takes.
  case otherChannels(Int, Int, of: String)
  /// The images are too small.
  case imageSize(height: Int, width: Int, least: Int, of: String)

  /// A sentence that says what was wrong and what is allowed.
  public var description: String {
    switch self {
    case .depth(let depth):
      let below = max(8, (depth - 2) / 6 * 6 + 2)
      return "There is no CIFAR-style network of depth \(depth): depths are 6n + 2 with n of at "
        + "least 1 (8, 14, 20 …). Near by: \(below) and \(below + 6)."
    case .width(let width):
      return "A network of width \(width) has no channels: the width is at least 1."
    case .inputChannels(let channels):
      return "Images with \(channels) channels have no pixels: there is at least 1 channel."
    case .classes(let classes):
      return "With \(classes) classes there is nothing to tell apart: there are at least 2."
    case .name(let name):
      let near = Architecture.nearest(to: name).map { " Did you mean \($0)?" } ?? ""
      return "There is no network `\(name)`.\(near) There are \(Architecture.overview)."
    case .option(let option, let network):
      return "\(network) has no choice of \(option). Leave it out, or name another network."
    case .otherChannels(let found, let expected, let network):
      return "The images have \(found) channels, and this \(network) takes \(expected)."
    case .imageSize(let height, let width, let least, let network):
      return "Images of \(height)x\(width) are too small for \(network), "
        + "which halves them again and again: both sides are at least \(least)."
    }
  }
}

extension Architecture {
  /// The network of the paper whose name is at most two letters away from this one.
  static func nearest(to name: String) -> String? {
    let word = Array(name.lowercased().filter { $0 != "-" })
    let names = ofThePaper.map { $0.name.lowercased().filter { $0 != "-" } }
    let distances = names.map { (name: $0, distance: editDistance(word, Array($0))) }
    return distances.min { $0.distance < $1.distance }.flatMap { $0.distance <= 2 ? $0.name : nil }
  }

  /// How many letters have to be put in, taken out or changed to make one word of the other
  /// (Levenshtein's distance), row by row of the table of all their beginnings.
  private static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
