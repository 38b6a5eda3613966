import ArgumentParser
import Commands
import Datasets
import Files
import Foundation
import RunStore

/// Ends the command with status 1 and a message.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Says before anything is read or computed why its result couldn't be written.
///
/// - Parameters:
///   - output: the file that will be written.
///   - inputs: the files and folders that will be read, which it must not replace or be put into.
func check(output: Place, reading inputs: [Place]) throws {
  try checkOutput(output.path)
  // The store is kept for years; nothing that is written with a word of its name shall replace it.
  try checkPlaces(reading: inputs + StoreOption.parse([]).places(), writing: [output])
}

/// What is read of a data set: its folder, unless that is where one works, and its files.
///
/// - Parameter folder: the folder of `--data`, if it was given.
func places(of name: Dataset.Name, in folder: String?) -> [Place] {
  guard name != .digits else { return [] }
  let (path, what) = (folder ?? CacheFolder.folder(of: name).path, folder.map { _ in "--data" })
  let found = (try? Dataset.find(name, in: URL(fileURLWithPath: path))) ?? []
  return ((isSameFile(path, ".") ? [] : [path]) + found.map(\.path))
    .map { Place($0, as: what ?? "the data set") }
}

/// Refuses a folder for the digits, which are bundled: what is in it would not be what is looked at.
func checkBundled(_ name: Dataset.Name, _ data: String?) throws {
  if name == .digits, data != nil {
    throw ValidationError("The digits are bundled: leave --data out, or name another --dataset.")
  }
}

/// Ends the command with status 2: it was asked for in a wrong way.
func wrongUse(_ error: any Error) -> ValidationError {
  ValidationError("\(error)")
}

extension StoreOption {
  /// The store's file and those that SQLite has beside it.
  func places() -> [Place] {
    let file = path(otherwise: RunStore.defaultPath)
    return ["", "-wal", "-shm", "-journal"].map {
      Place(file + $0, as: "the run store", isRead: false)
    }
  }
}
