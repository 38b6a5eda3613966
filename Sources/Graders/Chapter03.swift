import Exercises
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 3.
  public static var chapter3: [Exercise] {
    [
      .function(
        2, "globalAveragePoolGradient", title: "The backward pass of a mean over all pixels", .easy,
        minutes: 10,
        hints: ["How does the mean change if one pixel changes by 1?"],
        labels: ["delta", "height", "width"],
        cases: { generator in
          [
            (Tensor([1, 1], [3]), 1, 1), (Tensor([1, 1], [6]), 1, 2), (Tensor([1, 1], [6]), 2, 1),
          ]
            + [(2, 3, 4, 5), (3, 2, 1, 2)].map { n, h, w, c in
              (Initialization.uniform(bound: 1).tensor([n, c], using: &generator), h, w)
            }
        },
        expected: { (delta: Tensor, height: Int, width: Int) -> Tensor in
          let images = Parameter(Tensor([delta.shape[0], height, width, delta.shape[1]]))
          globalAveragePool(images.tracked).backward(delta)
          return images.gradient!
        },
        misconceptions: { delta, height, width in
          return [
            Misconception(
              "Every pixel got the whole gradient: a mean gives each of its \(height * width) pixels 1/\(height * width) of it.",
              delta)
          ]
        })
    ]
  }
}
