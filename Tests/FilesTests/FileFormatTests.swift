import Files
import Testing

@Suite("Formats of files")
struct FileFormatTests {
  @Test(
    "A file is known by its first bytes",
    arguments: [
      ([0x89, 0x50, 0x4E, 0x47, 0x0D], "a PNG picture"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"),
      ([0x1F, 0x8B, 8, 0], "a file packed with gzip"), ([0x80, 4, 0x95], "a Python pickle"),
      ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1], "a NumPy array (.npy)"), ([], "an empty file"),
      (Array("SQLite format 3\0".utf8), "a SQLite database"),
      (Array("PAR1".utf8), "a Parquet table"),
      (Array("\u{FEFF}\n <HTML>".utf8), "a web page"), (Array("{\"a\": 1}".utf8), "JSON text"),
      ([UInt8](repeating: 65, count: 257) + Array("ustar".utf8), "a tar archive"),
      (Array("P5 1 1 255 a".utf8), "a picture in another Netpbm format"),
    ] as [([UInt8], String)])
  func known(start: [UInt8], name: String) {
    #expect(FileFormat(startingWith: start)?.name == name)
  }

  @Test(
    "What could be anything isn't called something", arguments: ["label,pixel", "P", "BM", "  "])
  func unknown(text: String) {
    #expect(FileFormat(startingWith: Array(text.utf8)) == nil)
  }
}
