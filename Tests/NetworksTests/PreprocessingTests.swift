import Foundation
import Testing

@testable import Networks

@Suite("Preprocessing in metadata")
struct PreprocessingTests {
  @Test("What was written is read again, to the bit")
  func roundTrip() throws {
    let odd: [Float] = [0.1, 1 / 3, 0.4914, .leastNonzeroMagnitude, 1e-7, 12_345.678]
    for preprocessing in [
      Preprocessing(
        mean: [0.1], deviation: [1 / 3], imageShape: [8, 8, 1], classNames: ["é", "e\u{301}"]),
      Preprocessing(
        mean: odd, deviation: [1, 2, 3, 4, 5, 1 / 7], imageShape: [1, 2, 3],
        classNames: ["a\"\n\u{1B}"]),
      Preprocessing(
        mean: odd, deviation: [Float](repeating: 1, count: 6), imageShape: [2, 1, 3], classNames: []
      ),
    ] {
      let read = try Preprocessing(in: [Preprocessing.key: preprocessing.text])
      #expect(read == preprocessing)
      #expect(read?.mean.map(\.bitPattern) == preprocessing.mean.map(\.bitPattern))
    }
    // A mean for each of CIFAR's numbers stays small.
    let means = (0..<3072).map { Float($0) / 3072 }
    let large = Preprocessing(
      mean: means, deviation: [Float](repeating: 1, count: 3072), imageShape: [32, 32, 3],
      classNames: [])
    #expect(large.text.utf8.count < 40_000)
    #expect(try Preprocessing(in: [Preprocessing.key: large.text]) == large)
  }

  @Test("Files without it have none")
  func none() throws { #expect(try Preprocessing(in: ["format": "pt"]) == nil) }

  @Test(
    "What can't be is an error with what it is",
    arguments: [
      ("", "understood"), ("{}", "understood"), ("[]", "understood"),
      (#"{"mean":[0],"std":[1],"image":[8,8],"classes":[]}"#, "images of [8, 8]"),
      (#"{"mean":[0],"std":[1],"image":[0,8,1],"classes":[]}"#, "images of"),
      (#"{"mean":[0],"std":[1],"image":[9223372036854775807,8,1],"classes":[]}"#, "images of"),
      (#"{"mean":[0,0],"std":[1,1],"image":[8,8,1],"classes":[]}"#, "2 means"),
      (#"{"mean":[0],"std":[1,1],"image":[8,8,1],"classes":[]}"#, "2 deviations"),
      (#"{"mean":[],"std":[],"image":[8,8,1],"classes":[]}"#, "0 means"),
      (#"{"mean":[0],"std":[0],"image":[8,8,1],"classes":[]}"#, "above 0"),
      (#"{"mean":[1e60],"std":[1],"image":[8,8,1],"classes":[]}"#, "preprocessing"),
    ])
  func impossible(text: String, reason: String) {
    let error = #expect(throws: SafetensorsError.self) {
      try Preprocessing(in: [Preprocessing.key: text])
    }
    #expect(error?.found.contains(reason) == true, "\(String(describing: error))")
  }
}
