/// What a file is, by its first bytes, so that one which isn't what was asked for can be called by its name.
public struct FileFormat: Hashable, Sendable {
  /// What to call it, with its article: `a PNG picture`.
  public let name: String
  /// What helps whatever was expected instead; nil if that depends on what was.
  public let remedy: String?

  /// The format that a file begins like; nil if it is none of those that people take for another.
  ///
  /// - Parameter start: the first bytes; 512 are enough.
  public init?(startingWith start: some Collection<UInt8>) {
    let start = Array(start.prefix(512))
    guard let known = Self.known.first(where: { $0.matches(start) }) else { return nil }
    (name, remedy) = (known.name, known.remedy)
  }

  private struct Known {
    let name: String
    var remedy: String?
    let matches: @Sendable ([UInt8]) -> Bool
  }

  private static func begins(_ text: String, at offset: Int = 0) -> @Sendable ([UInt8]) -> Bool {
    { $0.dropFirst(offset).starts(with: text.utf8) }
  }

  private static func begins(bytes: [UInt8]) -> @Sendable ([UInt8]) -> Bool {
    { $0.starts(with: bytes) }
  }

  /// In the order in which they are tried: the more special first.
  private static let known: [Known] = [
    Known(name: "an empty file", remedy: "Get it again: it was cut off.") { $0.isEmpty },
    Known(
      name: "a Git LFS pointer",
      remedy: "The file itself is elsewhere: `git lfs pull` gets it.",
      matches: begins("version https://git-lfs")),
    Known(
      name: "a web page", remedy: "A server sent it instead of the file: get the file again."
    ) { start in
      let text = String(decoding: start, as: UTF8.self).lowercased()
        .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      return ["<!doctype html", "<html", "<head", "<body", "<?xml", "<!--"].contains {
        text.hasPrefix($0)
      }
    },
    Known(name: "a PNG picture", matches: begins(bytes: [0x89, 0x50, 0x4E, 0x47])),
    Known(name: "a JPEG picture", matches: begins(bytes: [0xFF, 0xD8, 0xFF])),
    Known(name: "a GIF picture", matches: begins("GIF8")),
    Known(name: "a WebP picture") { begins("RIFF")($0) && begins("WEBP", at: 8)($0) },
    Known(name: "a TIFF picture") { begins("II*\0")($0) || begins("MM\0*")($0) },
    Known(name: "a HEIC or AVIF picture") { start in
      begins("ftyp", at: 4)(start)
        && ["heic", "heix", "mif1", "avif"].contains { begins($0, at: 8)(start) }
    },
    Known(name: "a BMP picture") {
      begins("BM")($0) && $0.count >= 10 && $0[6..<10].allSatisfy { $0 == 0 }
    },
    Known(name: "a picture in another Netpbm format") { start in
      start.count > 2 && start[0] == UInt8(ascii: "P") && (49...55).contains(start[1])
        && [9, 10, 13, 32].contains(start[2])
    },
    Known(name: "a PDF document", matches: begins("%PDF")),
    Known(
      name: "a NumPy array (.npy)", matches: begins(bytes: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59])),
    Known(name: "an HDF5 file", matches: begins(bytes: [0x89, 0x48, 0x44, 0x46])),
    Known(name: "a Parquet table", matches: begins("PAR1")),
    Known(name: "an Arrow table", matches: begins("ARROW1")),
    Known(name: "a MATLAB file", matches: begins("MATLAB 5.0")),
    Known(name: "a SQLite database", matches: begins("SQLite format 3\0")),
    Known(name: "a GGUF file", matches: begins("GGUF")),
    Known(
      name: "a ZIP archive (.npz and PyTorch's files are such too)",
      matches: begins(bytes: [0x50, 0x4B, 0x03, 0x04])),
    Known(name: "a ZIP archive without a file", matches: begins(bytes: [0x50, 0x4B, 0x05, 0x06])),
    Known(
      name: "a file packed with gzip", remedy: "Unpack it: `gunzip FILE`.",
      matches: begins(bytes: [0x1F, 0x8B])),
    Known(
      name: "a file packed with bzip2", remedy: "Unpack it: `bunzip2 FILE`.", matches: begins("BZh")
    ),
    Known(
      name: "a file packed with xz", remedy: "Unpack it: `unxz FILE`.",
      matches: begins(bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A])),
    Known(
      name: "a file packed with Zstandard", remedy: "Unpack it: `unzstd FILE`.",
      matches: begins(bytes: [0x28, 0xB5, 0x2F, 0xFD])),
    Known(name: "a 7z archive", matches: begins(bytes: [0x37, 0x7A, 0xBC, 0xAF])),
    Known(
      name: "a tar archive", remedy: "Unpack it: `tar -xf FILE`.", matches: begins("ustar", at: 257)
    ),
    Known(name: "a Python pickle") { $0.count > 2 && $0[0] == 0x80 && (2...5).contains($0[1]) },
    Known(name: "a program", matches: begins(bytes: [0x7F, 0x45, 0x4C, 0x46])),
    Known(name: "JSON text") { start in
      let text = start.drop { [9, 10, 13, 32].contains($0) }
      return text.starts(with: "{\"".utf8) || text.starts(with: "[{".utf8)
        || text.starts(with: "{\n".utf8)
    },
  ]
}
