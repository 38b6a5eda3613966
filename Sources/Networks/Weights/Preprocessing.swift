import Files
import Foundation

/// What was done to images before a network learnt from them, and what its classes are called: what else one
/// has to know to use it.
///
/// Stands as JSON under `preprocessing` in the metadata of weights and checkpoints, where PyTorch's strict
/// loading doesn't see it:
///
///     {"mean":[0.49,0.48,0.45],"std":[0.25,0.24,0.26],"image":[32,32,3],"classes":["airplane",…]}
public struct Preprocessing: Equatable, Sendable {
  /// What was taken away from pixels (0 to 1): a number a channel, or one for each number of an image.
  public let mean: [Float]
  /// What the difference was divided by, in the same places.
  public let deviation: [Float]
  /// The images, `[height, width, channels]`.
  public let imageShape: [Int]
  /// The names of the classes, in the order of the network's outputs.
  public let classNames: [String]

  /// The metadata's key.
  public static let key: ExactName = "preprocessing"

  /// What was done to images.
  ///
  /// - Precondition: there are as many deviations as means, one for each channel or each number.
  public init(mean: [Float], deviation: [Float], imageShape: [Int], classNames: [String]) {
    (self.mean, self.deviation) = (mean, deviation)
    (self.imageShape, self.classNames) = (imageShape, classNames)
    precondition(fault == nil, fault ?? "")
  }

  /// What a file's metadata say; nil if they say nothing.
  ///
  /// - Throws: `SafetensorsError` if they say something impossible.
  public init?(in metadata: [ExactName: String]) throws(SafetensorsError) {
    guard let text = metadata[Self.key] else { return nil }
    let remedy = "Export the weights again, or fetch the file again."
    guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(text.utf8)) else {
      throw SafetensorsError(
        "what it says about its images (`preprocessing`) can't be understood", remedy: remedy)
    }
    mean = stored.mean
    deviation =
      stored.std.count == 1
      ? [Float](repeating: stored.std[0], count: stored.mean.count) : stored.std
    (imageShape, classNames) = (stored.image, stored.classes)
    if let fault {
      throw SafetensorsError(
        "what it says about its images (`preprocessing`) can't be: \(fault)", remedy: remedy)
    }
  }

  /// The text for a file's metadata.
  public var text: String {
    let isOne = Set(deviation).count == 1
    let stored = Stored(
      mean: mean, std: isOne ? [deviation[0]] : deviation, image: imageShape, classes: classNames)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(stored) else {
      preconditionFailure("Finite numbers and texts can always be written as JSON.")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct Stored: Codable {
    let mean: [Float]
    let std: [Float]
    let image: [Int]
    let classes: [String]
  }

  /// What is impossible, if something is.
  private var fault: String? {
    guard imageShape.count == 3, imageShape.allSatisfy({ 1...65_536 ~= $0 }) else {
      return "images of \(shortened("\(imageShape)"))"
    }
    let counts = [imageShape[2], imageShape.reduce(1, *)]
    guard counts.contains(mean.count), mean.count == deviation.count else {
      return
        "\(mean.count) means and \(deviation.count) deviations for images of \(imageShape)"
    }
    guard (mean + deviation).allSatisfy(\.isFinite), !deviation.contains(where: { $0 <= 0 }) else {
      return "numbers that aren't finite, or deviations that aren't above 0"
    }
    return nil
  }
}
