import Foundation
import Testing

@testable import RunStore

@Suite struct ConfigurationTests {
  @Test("Hyper-parameters have one JSON text: keys sorted, whole numbers without a point")
  func canonical() {
    let values: [String: HyperparameterValue] = [
      "b": 0.1, "a": 20.0, "é": "x\"\\\n", "B": true, "a10": 1e-4,
      "a2": HyperparameterValue(Float(0.1)),
    ]
    let text = #"{"B":true,"a":20,"a10":0.0001,"a2":0.1,"b":0.1,"é":"x\"\\\u000a"}"#
    #expect(values.canonicalJSON == text)
    #expect([String: HyperparameterValue]().canonicalJSON == "{}")
  }

  @Test("The JSON text reads back as the same values")
  func roundTrip() throws {
    let values: [String: HyperparameterValue] = [
      "number": 1e-300, "whole": 3, "large": 1e20, "text": "true", "flag": false, "\u{1}": "\u{7f}",
    ]
    let read = try JSONDecoder().decode(
      [String: HyperparameterValue].self, from: Data(values.canonicalJSON.utf8))
    #expect(read == values)
  }
}
