import ArgumentParser
import Commands
import Testing

/// What numbers can be that nobody computes with.
private let strange = [
  "9223372036854775807", "-9223372036854775808", "99999999999999999999", "-1", "0", "nan", "-nan",
  "inf", "-inf", "1e308", "1e999", "-0x1", "", " ", "1 2", "five", "٣", "0..<9223372036854775807",
]

@Suite("Numbers on the command line")
struct NumberOptionTests {
  private struct Numbers: ParsableArguments {
    @Option(in: 1...256, help: "A number with a default.") var threads = 2
    @Option(in: 1...1000, help: "A number.") var total: Int?
    @Option(in: 0.5...10, help: "With a point.") var rate: Double?
    @Option(listIn: 8...2000, help: "Several.") var depths: [Int]?
    @Option(listIn: 0.001...10, help: "Several with a point.") var std: [Float]?
  }

  @Test("What is in the range arrives")
  func inside() throws {
    let numbers = try Numbers.parse([
      "--threads", "256", "--total", "1", "--rate", "5e-1", "--depths", "8, 20", "--std", "0.25,1",
    ])
    #expect(numbers.threads == 256 && numbers.total == 1 && numbers.rate == 0.5)
    #expect(numbers.depths == [8, 20] && numbers.std == [0.25, 1])
    #expect(try Numbers.parse([]).threads == 2 && Numbers.parse([]).total == nil)
  }

  @Test("Whatever is not in the range is refused, with what is allowed", arguments: strange)
  func outside(value: String) {
    for (option, words) in [
      ("threads", "a whole number from 1 to 256"), ("total", "a whole number from 1 to 1000"),
      ("rate", "a number from 0.5 to 10"),
      ("depths", "whole numbers with commas between them, each from 8 to 2000"),
      ("std", "each from 0.001 to 10"),
    ] {
      for text in [value, option == "depths" || option == "std" ? "8,\(value)" : value] {
        let error = #expect(throws: (any Error).self, "--\(option) \(text)") {
          try Numbers.parse(["--\(option)", text])
        }
        #expect(
          error.map { Numbers.message(for: $0).contains(words) } == true, "--\(option) \(text)")
      }
    }
  }

  @Test("The help says the range and the default")
  func help() {
    let help = Numbers.helpMessage(columns: 200)
    #expect(help.contains("A number with a default. (from 1 to 256) (default: 2)"), "\(help)")
    #expect(help.contains("With a point. (from 0.5 to 10)"))
  }
}
