import Foundation

/// A reader's function, called with inputs that came through a pipe.
public struct Answer {
  let call: (Data) throws -> Data

  /// A function whose inputs and output can be written as JSON.
  public init<each Input: Decodable, Output: Encodable>(
    _ function: @escaping (repeat each Input) throws -> Output
  ) {
    call = { request in
      let inputs: Inputs<repeat each Input>
      do {
        inputs = try JSONDecoder.ofExercises.decode(Inputs<repeat each Input>.self, from: request)
      } catch {
        throw OtherParameters()
      }
      return try JSONEncoder.ofExercises.encode([function(repeat each inputs.values)])
    }
  }
}

/// The function doesn't take what it is given.
struct OtherParameters: Error {}

/// The inputs of a function, written as a JSON array.
public struct Inputs<each Input> {
  /// The inputs in their order.
  public let values: (repeat each Input)

  /// Inputs for one call.
  public init(_ values: repeat each Input) { self.values = (repeat each values) }
}

extension Inputs: Decodable where repeat each Input: Decodable {
  /// Reads the inputs in their order.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    values = (repeat try container.decode((each Input).self))
  }
}

extension Inputs: Encodable where repeat each Input: Encodable {
  /// Writes the inputs in their order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for value in repeat each values { try container.encode(value) }
  }
}

extension JSONEncoder {
  /// As both sides of the pipe write: numbers that aren't finite are strings.
  public static var ofExercises: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// As both sides of the pipe read.
  public static var ofExercises: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
