import ExerciseKit

/// Exercise 7 of chapter 3. A new operation for the tape.
///
/// Teach the tape to divide. Batch normalisation, in chapter 5, will need it. To keep the operation
/// small, this tape computes with numbers instead of arrays; otherwise it is that of the chapter. An
/// operation records its result together with its backward pass, which is called with the gradient of
/// the result and hands each input its contribution. This is the addition:
///
///     func add(_ a: Number, _ b: Number) -> Number {
///       record(a.value + b.value) { delta in
///         a.receive(delta)
///         b.receive(delta)
///       }
///     }
///
/// Your function gets the tape as its last argument: `tape.record(…) { delta in … }`.
///
/// It is tried in small programs such as a / b / b, which divides twice. For example, with a = 12 and
/// b = 2 the program a / b finds 6, and the gradients 1/2 of a and -3 of b.
///
/// - Parameters:
///   - a: the number to divide.
///   - b: the number to divide by, not 0. It may be the same object as `a`.
///   - tape: records the operation.
/// - Returns: a / b, recorded.
func divide(_ a: Number, _ b: Number, on tape: NumberTape) throws -> Number {
  // solution
  tape.record(a.value / b.value) { delta in
    a.receive(delta / b.value)
    b.receive(-delta * a.value / (b.value * b.value))
  }
  // end of solution
}

// wrong: falls when b grows
// - -delta * a.value
// + delta * a.value
// wrong: b²
// - (b.value * b.value)
// + b.value
// wrong: the gradient of the result
// -     a.receive(delta / b.value)
// -     b.receive(-delta * a.value / (b.value * b.value))
// +     a.receive(1 / b.value)
// +     b.receive(-a.value / (b.value * b.value))
// wrong: as if it were a sum
// -     a.receive(delta / b.value)
// -     b.receive(-delta * a.value / (b.value * b.value))
// +     a.receive(delta)
// +     b.receive(delta)
// wrong: received nothing
// -     b.receive(-delta * a.value / (b.value * b.value))
// +
// wrong: as if it were a product
// -     a.receive(delta / b.value)
// -     b.receive(-delta * a.value / (b.value * b.value))
// +     a.receive(delta * b.value)
// +     b.receive(delta * a.value)
// wrong: divides and multiplies again
// - / (b.value * b.value))
// + / b.value * b.value)
// wrong: a is missing
// - -delta * a.value / (b
// + -delta / (b
// wrong: a and b are exchanged
// - -delta * a.value / (b.value * b.value)
// + -delta * b.value / (a.value * a.value)
// wrong: Nothing was recorded
// -   tape.record(a.value / b.value) { delta in
// -     a.receive(delta / b.value)
// -     b.receive(-delta * a.value / (b.value * b.value))
// -   }
// +   Number(a.value / b.value)
// wrong: no case of its own
// -     b.receive(-delta * a.value / (b.value * b.value))
// +     if a !== b { b.receive(-delta * a.value / (b.value * b.value)) }
