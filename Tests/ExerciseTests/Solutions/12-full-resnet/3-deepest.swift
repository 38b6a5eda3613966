import ExerciseKit

/// Exercise 3 of chapter 12. The depth that a budget of parameters allows.
///
/// The networks of section 4.2 have $6n + 2$ layers, for $n$ = 1, 2, 3 …: a convolution from 3 to 16 channels, then three
/// stages of $n$ blocks of two convolutions with 16, 32 and 64 channels, and a linear layer from 64 numbers to 10 with a
/// bias. A convolution from $a$ to $b$ channels learns $9ab$ numbers, and the normalisation behind each of them $2b$. The
/// first convolution of a stage takes the channels of the stage before. The shortcuts learn nothing.
///
/// How deep may a network be that has no more than so many parameters? For example, the one of 8 layers has 75,290, so
/// with 75,290 the answer is 8 and with 75,289 there is none.
///
/// - Parameter parameters: how many there may be.
/// - Returns: the depth $6n + 2$ of the deepest network that has no more; nil if even 8 layers have more.
func deepest(parameters: Int) throws -> Int? {
  // solution
  func layer(_ a: Int, _ b: Int) -> Int { 9 * a * b + 2 * b }
  func count(_ n: Int) -> Int {
    let first = layer(3, 16) + 2 * n * layer(16, 16)
    let second = layer(16, 32) + (2 * n - 1) * layer(32, 32)
    let third = layer(32, 64) + (2 * n - 1) * layer(64, 64)
    return first + second + third + 64 * 10 + 10
  }
  guard count(1) <= parameters else { return nil }
  var n = 1
  while count(n + 1) <= parameters { n += 1 }
  return 6 * n + 2
  // end of solution
}

// wrong: first that has more
// - while count(n + 1) <= parameters
// + while count(n) <= parameters

// wrong: normalisation
// - 9 * a * b + 2 * b
// + 9 * a * b

// wrong: linear layer
// -  + 64 * 10 + 10
// +

// wrong: nil
// - guard count(1) <= parameters else { return nil }
// +

// wrong: exactly
// -   guard count(1) <= parameters else { return nil }
// -   var n = 1
// -   while count(n + 1) <= parameters { n += 1 }
// +   guard count(1) < parameters else { return nil }
// +   var n = 1
// +   while count(n + 1) < parameters { n += 1 }

// wrong: That is n
// - 6 * n + 2
// + n

// wrong: n is 1 at least
// -   guard count(1) <= parameters else { return nil }
// -   var n = 1
// +   var n = 0

// wrong: The bias of the linear layer
// - 64 * 10 + 10
// + 64 * 10

// wrong: with one channel
// - layer(3, 16)
// + layer(1, 16)

// wrong: The first convolution is missing
// - layer(3, 16) + 2 * n
// + 2 * n

// wrong: A bias was counted
// - 9 * a * b + 2 * b
// + 9 * a * b + b + 2 * b

// wrong: The shortcuts were given projections. Here
// - 64 * 10 + 10
// + 64 * 10 + 10 + 16 * 32 + 32 * 64

// wrong: projections with normalisations
// - 64 * 10 + 10
// + 64 * 10 + 10 + 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64

// wrong: half as many as the others
// -     let second = layer(16, 32) + (2 * n - 1) * layer(32, 32)
// -     let third = layer(32, 64) + (2 * n - 1) * layer(64, 64)
// +     let second = 2 * n * layer(32, 32)
// +     let third = 2 * n * layer(64, 64)

// wrong: so a stage has 2n
// -     let first = layer(3, 16) + 2 * n * layer(16, 16)
// -     let second = layer(16, 32) + (2 * n - 1) * layer(32, 32)
// -     let third = layer(32, 64) + (2 * n - 1) * layer(64, 64)
// +     let first = layer(3, 16) + n * layer(16, 16)
// +     let second = layer(16, 32) + (n - 1) * layer(32, 32)
// +     let third = layer(32, 64) + (n - 1) * layer(64, 64)
