import Datasets
import MiniTensor
import Training

extension TrainingData {
  /// The same with each training image in nine places, at most one pixel away; nothing is mirrored.
  var shiftedByAPixel: TrainingData {
    let places = [-1, 0, 1].flatMap { down in [-1, 0, 1].map { (down: down, right: $0) } }
    let (height, width) = (train.imageShape[0], train.imageShape[1])
    let channels = train.imageShape[2]
    var pixels: [Float] = []
    for image in 0..<train.count {
      let own = train.batch([image]).images.scalars
      for (down, right) in places {
        for row in 0..<height {
          for column in 0..<width {
            let (y, x) = (row - down, column - right)
            let isThere = 0..<height ~= y && 0..<width ~= x
            for channel in 0..<channels {
              pixels.append(isThere ? own[(y * width + x) * channels + channel] : 0)
            }
          }
        }
      }
    }
    let shifted = Dataset(
      name: train.name,
      images: Tensor([train.count * places.count, height, width, channels], pixels),
      labels: train.labels.flatMap { Array(repeating: $0, count: places.count) },
      classNames: train.classNames)
    return TrainingData(
      train: shifted, validation: validation, test: test,
      preparation: preparation.merging(["shifts": 1]) { $1 })
  }
}
