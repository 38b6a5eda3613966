import Chapter3Library
import ElementaryFunctions

// What chapter 3 derived, word for word; a test compares the two. The forward and backward passes of this
// chapter's network call nothing else. Arrays and the extents of a convolution are those of its library.

typealias Grid = Chapter3Library.Grid

func linearForward(_ x: Grid, _ w: Grid, _ b: Grid) -> Grid {
  let (batch, inputs, outputs) = (x.shape[0], w.shape[0], w.shape[1])
  var y = Grid([batch, outputs])
  for n in 0..<batch {
    for o in 0..<outputs { y.values[n * outputs + o] = b.values[o] }
    for i in 0..<inputs {
      for o in 0..<outputs {
        y.values[n * outputs + o] += x.values[n * inputs + i] * w.values[i * outputs + o]
      }
    }
  }
  return y
}

func linearBackward(_ delta: Grid, _ x: Grid, _ w: Grid) -> (x: Grid, w: Grid, b: Grid) {
  let (batch, inputs, outputs) = (x.shape[0], w.shape[0], w.shape[1])
  var (dx, dw, db) = (Grid(x.shape), Grid(w.shape), Grid([outputs]))
  for n in 0..<batch {
    for o in 0..<outputs { db.values[o] += delta.values[n * outputs + o] }
    for i in 0..<inputs {
      for o in 0..<outputs {
        dx.values[n * inputs + i] += delta.values[n * outputs + o] * w.values[i * outputs + o]
        dw.values[i * outputs + o] += delta.values[n * outputs + o] * x.values[n * inputs + i]
      }
    }
  }
  return (dx, dw, db)
}

func reluForward(_ x: Grid) -> Grid { Grid(x.shape, x.values.map { max($0, 0) }) }

func reluBackward(_ delta: Grid, _ x: Grid) -> Grid {
  Grid(x.shape, zip(delta.values, x.values).map { $1 > 0 ? $0 : 0 })
}

extension Convolution {
  @inline(__always)
  func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for n in 0..<output[0] {
      for i in 0..<output[1] {
        for j in 0..<output[2] {
          for u in 0..<filters[0] {
            for v in 0..<filters[1] {
              let (row, column) = (i * stride + u - padding, j * stride + v - padding)
              guard row >= 0, row < input[1], column >= 0, column < input[2] else { continue }
              let y = ((n * output[1] + i) * output[2] + j) * output[3]
              for c in 0..<input[3] {
                let x = ((n * input[1] + row) * input[2] + column) * input[3] + c
                let w = ((u * filters[1] + v) * input[3] + c) * output[3]
                for o in 0..<output[3] { body(x, w + o, y + o) }
              }
            }
          }
        }
      }
    }
  }
}

func convolveForward(_ x: Grid, _ w: Grid, stride: Int = 1, padding: Int = 0) -> Grid {
  let convolution = Convolution(x.shape, w.shape, stride: stride, padding: padding)
  var y = Grid(convolution.output)
  convolution.forEachProduct { y.values[$2] += x.values[$0] * w.values[$1] }
  return y
}

func convolveBackward(
  _ delta: Grid, _ x: Grid, _ w: Grid, stride: Int = 1, padding: Int = 0
) -> (x: Grid, w: Grid) {
  let convolution = Convolution(x.shape, w.shape, stride: stride, padding: padding)
  var (dx, dw) = (Grid(x.shape), Grid(w.shape))
  convolution.forEachProduct {
    dx.values[$0] += delta.values[$2] * w.values[$1]
    dw.values[$1] += delta.values[$2] * x.values[$0]
  }
  return (dx, dw)
}

func addForward(_ a: Grid, _ b: Grid) -> Grid {
  Grid(a.shape, zip(a.values, b.values).map { $0 + $1 })
}

func addBackward(_ delta: Grid) -> (a: Grid, b: Grid) { (delta, delta) }

func softmax(_ logits: Grid) -> Grid {
  let classes = logits.shape[1]
  var p = logits
  for first in stride(from: 0, to: p.values.count, by: classes) {
    let row = logits.values[first..<first + classes]
    let largest = row.max()!
    let powers = row.map { Float.exp($0 - largest) }
    let sum = powers.reduce(0, +)
    for k in 0..<classes { p.values[first + k] = powers[k] / sum }
  }
  return p
}

func crossEntropyForward(_ logits: Grid, _ labels: [Int]) -> Grid {
  let p = softmax(logits)
  let losses = labels.enumerated().map { -Float.log(p.values[$0 * logits.shape[1] + $1]) }
  return Grid([1], [losses.reduce(0, +) / Float(labels.count)])
}

func crossEntropyBackward(_ delta: Grid, _ logits: Grid, _ labels: [Int]) -> Grid {
  var dz = softmax(logits)
  for (n, label) in labels.enumerated() { dz.values[n * logits.shape[1] + label] -= 1 }
  return Grid(dz.shape, dz.values.map { delta.values[0] * $0 / Float(labels.count) })
}

final class Variable {
  let value: Grid
  private(set) var gradient: Grid?
  init(_ value: Grid) { self.value = value }
  func receive(_ contribution: Grid) {
    gradient = gradient.map { addForward($0, contribution) } ?? contribution
  }
}

final class Tape {
  private var notes: [() -> Void] = []
  private func record(_ value: Grid, _ backward: @escaping (_ delta: Grid) -> Void) -> Variable {
    let result = Variable(value)
    notes.append { if let delta = result.gradient { backward(delta) } }
    return result
  }
  func backward(from loss: Variable) {
    loss.receive(Grid([1], [1]))
    while let note = notes.popLast() { note() }
  }
  func linear(_ x: Variable, _ w: Variable, _ b: Variable) -> Variable {
    record(linearForward(x.value, w.value, b.value)) { delta in
      let gradients = linearBackward(delta, x.value, w.value)
      x.receive(gradients.x)
      w.receive(gradients.w)
      b.receive(gradients.b)
    }
  }
  func relu(_ x: Variable) -> Variable {
    record(reluForward(x.value)) { x.receive(reluBackward($0, x.value)) }
  }
  func convolve(_ x: Variable, _ w: Variable, stride: Int = 1) -> Variable {
    let padding = w.value.shape[0] / 2
    return record(convolveForward(x.value, w.value, stride: stride, padding: padding)) { delta in
      let gradients = convolveBackward(delta, x.value, w.value, stride: stride, padding: padding)
      x.receive(gradients.x)
      w.receive(gradients.w)
    }
  }
  func add(_ a: Variable, _ b: Variable) -> Variable {
    record(addForward(a.value, b.value)) { delta in
      a.receive(addBackward(delta).a)
      b.receive(addBackward(delta).b)
    }
  }
  func crossEntropy(_ logits: Variable, _ labels: [Int]) -> Variable {
    record(crossEntropyForward(logits.value, labels)) { delta in
      logits.receive(crossEntropyBackward(delta, logits.value, labels))
    }
  }
}
