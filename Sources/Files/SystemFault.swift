import Foundation

/// What the operating system refused, in words, and what helps against it.
///
/// The system's own sentences (`strerror`, Foundation's `localizedDescription`) name its internals or say
/// nothing at all, and never what to do.
public struct SystemFault: Hashable, Sendable {
  /// Why, to be put after a colon: `the disk is full`.
  public let reason: String
  /// What helps, a sentence of its own: `Make room, then try again.`
  public let remedy: String

  /// The fault with a number of the system, such as `ENOSPC`.
  public init(_ code: Int32) {
    (reason, remedy) =
      switch code {
      case ENOENT: ("it isn't there", "Check the name.")
      case EEXIST: ("there is something of that name already", "Give another name.")
      case EISDIR: ("it is a folder", "Name a file.")
      case ENOTDIR: ("a part of its path is a file, not a folder", "Check the path.")
      case ENOTEMPTY: ("the folder isn't empty", "Name another folder.")
      case EACCES:
        ("you don't have the permission", "Change its permissions, or name another place.")
      case EPERM: ("the system doesn't permit it", "Name another place.")
      case EROFS: ("its file system can only be read", "Name a place on another one.")
      case ENOSPC: ("the disk is full", "Make room, then try again.")
      case EDQUOT: ("your share of the disk (the quota) is used up", "Make room, then try again.")
      case EFBIG:
        (
          "it would be larger than a file may be here",
          "Raise the limit (`ulimit -f`), or name a place on another file system."
        )
      case EMFILE:
        ("this program has too many files open", "Raise the limit (`ulimit -n`), then try again.")
      case ENFILE: ("too many files are open on this machine", "Close some programs.")
      case ENAMETOOLONG: ("its name is too long", "Give a shorter one.")
      case ELOOP: ("its links lead in a circle", "Name the file itself.")
      case EPIPE: ("nobody reads what is written there any more", "Keep its reader running.")
      case EBADF: ("it is closed", "Leave it open, or lead it to a file.")
      case EIO:
        ("its disk reports an error", "Look after that disk, and name a place on another one.")
      case EBUSY, ETXTBSY:
        ("another program is using it", "End that program, or name another place.")
      case ENOMEM: ("there is no memory left", "Close some programs, then try again.")
      case ENXIO, ENODEV: ("there is no such device", "Name a file.")
      case ESTALE: ("its file server has lost it", "Try again.")
      case EAGAIN: ("another program has locked it", "Wait until that one has ended.")
      case ENOLCK, ENOTSUP: ("its file system can't do that", "Name a place on another one.")
      case EINVAL: ("its file system doesn't take such a name or content", "Name another place.")
      default: (Self.words(code), "Try again, or name another place.")
      }
  }

  /// The fault beneath an error that a function of Foundation threw.
  public init(_ error: any Error) {
    if let code = systemCode(error) {
      self.init(code)
    } else if let known = error as? FileError {
      self.init(known.reason, known.remedy)
    } else {
      let error = error as NSError
      switch (error.domain, error.code) {
      case (NSCocoaErrorDomain, 261), (NSCocoaErrorDomain, 264):
        self.init("it isn't text in UTF-8", "Check what it is.")
      case (NSURLErrorDomain, let code):
        let (reason, remedy) = Self.network(code)
        self.init(reason, remedy)
      default:
        self.init("the system doesn't say why", "Try again, or name another place.")
      }
    }
  }

  private init(_ reason: String, _ remedy: String) {
    (self.reason, self.remedy) = (reason, remedy)
  }

  /// What went wrong between here and a server, by Foundation's number.
  private static func network(_ code: Int) -> (reason: String, remedy: String) {
    switch code {
    case -1000, -1002: ("that isn't an address that can be asked", "Check the address.")
    case -1001: ("the server is silent", "Try again later.")
    case -1003, -1006: ("there is no server of that name", "Check the name and the network.")
    case -1004: ("the server takes no connection", "Check the address, or try again later.")
    case -1005: ("the connection broke", "Try again.")
    case -1009: ("there is no network", "Connect to it, then try again.")
    case -1010 ... -1007: ("the server sends from one address to the next", "Check the address.")
    case -1206 ... -1200: ("the server can't prove who it is", "Check the address and the clock.")
    default: ("the server can't be reached", "Check the address and the network.")
    }
  }

  /// The system's words as a part of a sentence.
  private static func words(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}

/// The system's number beneath an error that a function of Foundation threw; nil if there is none.
func systemCode(_ error: any Error) -> Int32? {
  var error = error as NSError
  while let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = cause }
  switch (error.domain, error.code) {
  case (NSPOSIXErrorDomain, let code): return Int32(truncatingIfNeeded: code)
  case (NSCocoaErrorDomain, 4), (NSCocoaErrorDomain, 260): return ENOENT
  case (NSCocoaErrorDomain, 257), (NSCocoaErrorDomain, 513): return EACCES
  case (NSCocoaErrorDomain, 258), (NSCocoaErrorDomain, 514): return ENAMETOOLONG
  case (NSCocoaErrorDomain, 516): return EEXIST
  case (NSCocoaErrorDomain, 640): return ENOSPC
  case (NSCocoaErrorDomain, 642): return EROFS
  default: return nil
  }
}

/// Why something that concerns a file failed, to be put after a colon.
///
/// - SeeAlso: ``SystemFault``, which has the remedy too.
public func systemReason(_ error: any Error) -> String { SystemFault(error).reason }

/// What to tell of any error: its own words, or, if it is the system's or Foundation's, the file, the reason
/// and the remedy, without their internals.
public func explanation(of error: any Error) -> String {
  let known = error as NSError
  let domains = [NSCocoaErrorDomain, NSPOSIXErrorDomain, NSURLErrorDomain]
  guard domains.contains(known.domain) || type(of: error) is NSError.Type else { return "\(error)" }
  let path =
    known.userInfo[NSFilePathErrorKey] as? String
    ?? (known.userInfo[NSURLErrorKey] as? URL).map { $0.isFileURL ? $0.path : $0.absoluteString }
  let fault = SystemFault(error)
  let name = path?.visible ?? "What the program asked the system for failed"
  return "\(name): \(fault.reason). \(fault.remedy)"
}
