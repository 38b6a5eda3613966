import Commands
import Datasets
import Files
import Foundation
import OpenMPI
import Training

/// The processes that `mpirun` started. Open MPI ends all of them when one fails, so its calls don't return then.
///
/// Gradients travel on connections of their own: what was begun on one of them has to be begun in the same order by
/// everybody, and whether the first part of a sum or the second of another comes first is chance.
///
/// Thread safety: one thread calls at a time (`MPI_THREAD_SERIALIZED`), and only calls change anything. Hence
/// `@unchecked Sendable`.
final class MPIRanks: Ranks, DataFileReader, @unchecked Sendable {
  let index: Int
  let count: Int
  private let exchanges: MPI_Comm
  private let gatherings: MPI_Comm
  private let machine: MPI_Comm
  private let waiting: LongWait
  /// How often this process waited for all others, and how many bytes it got from them.
  private(set) var (calls, receivedBytes) = (0, 0)

  /// Joins the others.
  ///
  /// - Returns: nil if this MPI has no calls from more than one thread.
  init?() {
    keep_memory()
    var level: Int32 = 0
    MPI_Init_thread(nil, nil, Int32(MPI_THREAD_SERIALIZED), &level)
    var (rank, count): (Int32, Int32) = (0, 0)
    MPI_Comm_rank(mpi_world(), &rank)
    MPI_Comm_size(mpi_world(), &count)
    (index, self.count) = (Int(rank), Int(count))
    let name = "Rank \(rank) of \(count)"
    let waiting = LongWait { seconds in
      tell(
        "\(name) has waited for the others for \(Int(seconds)) seconds. A rank that doesn't say so hangs, or is slow: look at "
          + "its machine. Ctrl-C ends all of them, and --resume goes on from the last checkpoint.")
    }
    self.waiting = waiting
    func new(_ make: (UnsafeMutablePointer<MPI_Comm?>) -> Int32) -> MPI_Comm {
      var comm: MPI_Comm?
      _ = waiting.during { make(&comm) }
      return comm!
    }
    exchanges = new(mpi_duplicate)
    gatherings = new(mpi_duplicate)
    machine = new { mpi_machine(rank, $0) }
    guard level >= MPI_THREAD_SERIALIZED else { return nil }
  }

  /// Leaves in good order, all together.
  func leave() { MPI_Finalize() }

  /// Ends all processes.
  func abort(_ status: Int32) -> Never {
    MPI_Abort(mpi_world(), status)
    _exit(status)
  }

  func gathered(_ values: [Double], counts: [Int]) -> [[Double]] {
    gathered(values, Double(0), counts: counts)
  }

  func gathered(_ bytes: [UInt8]) -> [[UInt8]] {
    let one = [Int](repeating: 1, count: count)
    let counts = gathered([Double(bytes.count)], counts: one).joined().map { Int($0) }
    return gathered(bytes, 0, counts: counts)
  }

  private func gathered<Value>(_ values: [Value], _ zero: Value, counts: [Int]) -> [[Value]] {
    let size = MemoryLayout<Value>.stride
    let bytes = counts.map { Int32($0 * size) }
    var all = [Value](repeating: zero, count: counts.reduce(0, +))
    values.withUnsafeBytes { own in
      all.withUnsafeMutableBytes { all in
        _ = waiting.during {
          mpi_gather_bytes(
            own.baseAddress, bytes[index], all.baseAddress, bytes, starts(bytes), mpi_world())
        }
      }
    }
    calls += 1
    receivedBytes += (all.count - values.count) * size
    return zip(starts(bytes), counts).map { start, count in
      Array(all[Int(start) / size..<Int(start) / size + count])
    }
  }

  func fromFirst(_ bytes: [UInt8]) -> [UInt8] { fromFirst(of: mpi_world(), bytes) }

  private func fromFirst(of comm: MPI_Comm, _ bytes: [UInt8]) -> [UInt8] {
    var count = bytes.count
    withUnsafeMutableBytes(of: &count) { count in
      _ = waiting.during { mpi_broadcast(count.baseAddress, Int32(count.count), comm) }
    }
    var all = bytes
    if all.count != count { all = [UInt8](repeating: 0, count: count) }
    // MPI counts in 32 bits.
    let most = 1 << 30
    all.withUnsafeMutableBytes { all in
      for start in stride(from: 0, to: count, by: most) {
        _ = waiting.during {
          mpi_broadcast(all.baseAddress! + start, Int32(min(most, count - start)), comm)
        }
      }
    }
    return all
  }

  /// Reads a file once for all processes of this machine.
  func read(_ path: String, _ limit: Int) throws(FileError) -> Data {
    var rank: Int32 = 0
    MPI_Comm_rank(machine, &rank)
    var own: Result<Data, FileError> = .success(Data())
    if rank == 0 {
      do {
        own = .success(try readFile(path, limit: limit))
      } catch {
        own = .failure(error)
      }
    }
    var (bytes, fault): ([UInt8], [String]) = ([], [])
    switch own {
    case .success(let data): bytes = Array(data)
    case .failure(let error):
      fault = [error.reason, error.remedy, error.code.map { "\($0)" } ?? ""]
    }
    let told = String(
      decoding: fromFirst(of: machine, Array(fault.joined(separator: "\0").utf8)), as: UTF8.self)
    let words = told.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard words.count < 3 else {
      throw FileError(.read, path, reason: words[0], remedy: words[1], code: Int32(words[2]))
    }
    return Data(fromFirst(of: machine, bytes))
  }

  func beginExchange(_ values: [Float], counts: [Int], receiving: [Int]) -> any Transfer {
    let comm = exchanges
    receivedBytes += 4 * (receiving.reduce(0, +) - receiving[index])
    return MPITransfer(
      values, receiving: receiving.reduce(0, +), parts: [counts, receiving], waiting: waiting
    ) { from, to, parts, request in
      mpi_begin_exchange(
        from, parts[0].counts, parts[0].starts, to, parts[1].counts, parts[1].starts, comm, request)
    }
  }

  func beginGathering(_ values: [Float], counts: [Int]) -> any Transfer {
    let comm = gatherings
    receivedBytes += 4 * (counts.reduce(0, +) - values.count)
    return MPITransfer(
      values, receiving: counts.reduce(0, +), parts: [counts], waiting: waiting
    ) { from, to, parts, request in
      mpi_begin_gathering(
        from, Int32(values.count), to, parts[0].counts, parts[0].starts, comm, request)
    }
  }

  func beginSum(_ values: [Float]) -> any Transfer {
    let comm = exchanges
    // What it takes at least (Thakur, Rabenseifner, Gropp 2005).
    receivedBytes += 8 * values.count * (count - 1) / count
    return MPITransfer(values, receiving: values.count, parts: [], waiting: waiting) {
      from, to, _, request in
      mpi_begin_sum(from, to, Int32(values.count), comm, request)
    }
  }
}

/// Where each part begins.
private func starts(_ counts: [Int32]) -> [Int32] {
  var next: Int32 = 0
  return counts.map { count in
    defer { next += count }
    return next
  }
}

/// Values on their way. MPI uses its memory until they have arrived, so it stays where it is.
private final class MPITransfer: Transfer {
  typealias Parts = [(counts: UnsafePointer<Int32>, starts: UnsafePointer<Int32>)]

  private let given: UnsafeMutableBufferPointer<Float>
  private let arriving: UnsafeMutableBufferPointer<Float>
  private let numbers: [UnsafeMutableBufferPointer<Int32>]
  private let count: Int
  private let waiting: LongWait
  private var request = mpi_no_request()

  init(
    _ values: [Float], receiving count: Int, parts: [[Int]], waiting: LongWait,
    begin: (
      UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Parts, UnsafeMutablePointer<MPI_Request?>
    ) -> Int32
  ) {
    func copied<Number>(_ numbers: [Number]) -> UnsafeMutableBufferPointer<Number> {
      let copy = UnsafeMutableBufferPointer<Number>.allocate(capacity: max(1, numbers.count))
      _ = copy.initialize(from: numbers)
      return copy
    }
    given = copied(values)
    arriving = .allocate(capacity: max(1, count))
    let numbers = parts.flatMap { part in
      let counts = part.map(Int32.init)
      return [copied(counts), copied(starts(counts))]
    }
    let pointers: Parts = stride(from: 0, to: numbers.count, by: 2).map {
      (UnsafePointer(numbers[$0].baseAddress!), UnsafePointer(numbers[$0 + 1].baseAddress!))
    }
    (self.numbers, self.count, self.waiting) = (numbers, count, waiting)
    var request: MPI_Request? = request
    _ = begin(given.baseAddress, arriving.baseAddress, pointers, &request)
    self.request = request
  }

  deinit {
    mpi_wait(&request)
    given.deallocate()
    arriving.deallocate()
    for part in numbers { part.deallocate() }
  }

  var isDone: Bool {
    var done: Int32 = 0
    mpi_test(&request, &done)
    return done != 0
  }

  func received() -> [Float] {
    _ = waiting.during { mpi_wait(&request) }
    return Array(UnsafeBufferPointer(rebasing: arriving[..<count]))
  }
}
