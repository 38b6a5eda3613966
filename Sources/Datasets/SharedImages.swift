import Foundation

extension Dataset {
  /// The examples whose images are among those of another data set, pixel by pixel as they were read.
  ///
  /// - Returns: their indices, ascending; none for images that didn't come from files.
  /// - Complexity: every byte of both is read once or twice.
  func examples(withImagesOf other: Dataset) -> [Int] {
    guard case .bytes(let own) = source, case .bytes(let others) = other.source,
      own.shape == others.shape
    else { return [] }
    var known: [Int: [Int]] = [:]
    for index in 0..<other.count { known[others.hash(of: index), default: []].append(index) }
    return (0..<count).filter { index in
      known[own.hash(of: index)]?.contains { own.image(index, isThat: $0, of: others) } ?? false
    }
  }

  /// How many of the images that are tested with are learnt from too: a sentence, or nil if none is.
  ///
  /// - Parameters:
  ///   - train: the training set, as `bothParts` reads it.
  ///   - test: the test set.
  ///   - name: which data set they are of.
  ///   - folder: where its files are.
  public static func leak(
    from train: Dataset, to test: Dataset, of name: Name, in folder: URL
  ) -> String? {
    let shared = test.examples(withImagesOf: train)
    guard let first = shared.first else { return nil }
    let file = name == .folder ? (try? PictureFolder.files(.test, of: folder))?[first].path : nil
    return "\(shared.count) of the \(test.count) test images in \(folder.path) "
      + (shared.count == 1 ? "is" : "are") + " among the training images too"
      + (file.map { ", such as \($0)" } ?? "")
      + ": the test error is too low by what was learnt by heart. Leave them out of one part."
  }
}
