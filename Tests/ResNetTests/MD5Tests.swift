import Testing

@testable import ResNetCommands

@Suite("MD5")
struct MD5Tests {
  @Test(
    "The test suite of RFC 1321 comes out",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (
        String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func suite(text: String, sum: String) {
    #expect(MD5.hexadecimal(of: text.utf8) == sum)
  }

  @Test("It doesn't matter in which pieces the bytes come", arguments: [1, 7, 55, 63, 64, 65, 200])
  func pieces(size: Int) {
    let bytes = (0..<1000).map { UInt8($0 % 251) }
    var sum = MD5()
    for start in stride(from: 0, to: bytes.count, by: size) {
      sum.update(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(sum.finish() == MD5.hexadecimal(of: bytes))
  }
}
