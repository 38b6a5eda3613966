import Foundation

/// The header of a safetensors file: JSON of a fixed form.
///
///     {"__metadata__": {"KEY": "TEXT", …},
///      "NAME": {"dtype": "F32", "shape": [16, 3, 3, 3], "data_offsets": [0, 1728]}, …}
///
/// What the format's own reader lets pass is let pass, since such files are about: a name that stands twice
/// (the last one counts), unknown keys of a tensor, a list of the three values in place of an object,
/// `"__metadata__": null`. It tells names apart by their bytes (`ExactName`). One limit is ours: each name and
/// number costs many times its bytes in memory, and a header may have millions (`mostItems`).
struct SafetensorsHeader {
  /// Keys and numbers that a header may have. That of ResNet-1202, which has the most tensors of the networks
  /// here, has about 53,000.
  static let mostItems = 500_000

  /// What the header says about one tensor, unchecked.
  struct Entry: Equatable {
    var type: String
    var shape: [UInt]
    var offsets: [UInt]

    /// By which tensors stand in the order of the file.
    var place: (UInt, UInt) { (offsets.first ?? 0, offsets.dropFirst().first ?? 0) }
  }

  private(set) var metadata: [ExactName: String] = [:]
  private(set) var entries: [ExactName: Entry] = [:]
  private var json: JSONScanner
  private var items = 0

  /// Takes a header apart.
  ///
  /// - Throws: `SafetensorsError` if it has any other form.
  init(_ bytes: Data) throws(SafetensorsError) {
    guard String(bytes: bytes, encoding: .utf8) != nil else {
      throw SafetensorsError("its header isn't UTF-8")
    }
    json = JSONScanner(bytes)
    var metadataCount = 0
    try eachMember("a name") { header, name throws(SafetensorsError) in
      guard name == "__metadata__" else {
        header.entries[name] = try header.entry(name)
        return
      }
      metadataCount += 1
      guard metadataCount == 1 else { throw SafetensorsError("it has metadata twice") }
      if header.json.take("null") { return }
      try header.eachMember("a key of the metadata") { header, key throws(SafetensorsError) in
        header.metadata[key] = try header.json.string("a text")
      }
    }
    guard json.isAtEnd else { throw json.fault("the end of the header") }
  }

  private mutating func entry(_ name: ExactName) throws(SafetensorsError) -> Entry {
    if json.take("[") {
      let type = try type()
      try json.expect(",")
      let shape = try numbers()
      try json.expect(",")
      let offsets = try numbers()
      try json.expect("]")
      return Entry(type: type, shape: shape, offsets: offsets)
    }
    var type: String?
    var shape: [UInt]?
    var offsets: [UInt]?
    func once(_ value: Any?, _ key: String) throws(SafetensorsError) {
      if value != nil { throw SafetensorsError("`\(name.shown)` has two `\(key)`") }
    }
    try eachMember("a key of `\(name.shown)`") { header, key throws(SafetensorsError) in
      switch key {
      case "dtype":
        try once(type, "dtype")
        type = try header.type()
      case "shape":
        try once(shape, "shape")
        shape = try header.numbers()
      case "data_offsets":
        try once(offsets, "data_offsets")
        offsets = try header.numbers()
      default: try header.json.skipValue(depth: 3)
      }
    }
    guard let type, let shape, let offsets else {
      throw SafetensorsError("`\(name.shown)` lacks `dtype`, `shape` or `data_offsets`")
    }
    return Entry(type: type, shape: shape, offsets: offsets)
  }

  /// A text, or, as the reference also takes it, an object with the text as its key and null as its value.
  private mutating func type() throws(SafetensorsError) -> String {
    guard json.take("{") else { return try json.string("a type") }
    let type = try json.string("a type")
    try json.expect(":")
    try json.expect("null")
    try json.expect("}")
    return type
  }

  /// Reads an object, and calls `body` with each key when it stands before the value.
  private mutating func eachMember(
    _ what: @autoclosure () -> String,
    _ body: (inout Self, ExactName) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try json.expect("{")
    if json.take("}") { return }
    repeat {
      let key = ExactName(try json.string(what()))
      try countItem()
      try json.expect(":")
      try body(&self, key)
    } while json.take(",")
    try json.expect("}")
  }

  private mutating func countItem() throws(SafetensorsError) {
    items += 1
    guard items <= Self.mostItems else {
      throw SafetensorsError(
        "its header has more than \(Self.mostItems) names and numbers, and no network here has as many",
        remedy: "Name another file.")
    }
  }

  private mutating func numbers() throws(SafetensorsError) -> [UInt] {
    try json.expect("[")
    if json.take("]") { return [] }
    var numbers: [UInt] = []
    repeat {
      numbers.append(try json.wholeNumber())
      try countItem()
    } while json.take(",")
    try json.expect("]")
    return numbers
  }
}
