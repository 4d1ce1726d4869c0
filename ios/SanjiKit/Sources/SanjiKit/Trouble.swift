import Foundation

/// Why something didn't happen, by what the app does about it. Whatever was recorded before is kept.
public enum Trouble: Error, Equatable, Sendable {
  case notEnrolled
  case offline
  case refused(Standing)
  case storageFull
  case updateNeeded
  case closed
  case keysUnavailable
  case invalid(field: String, code: String, problem: String?)
  case failed
  /// The system doesn't let the app use the camera.
  case cameraNotAllowed
  case noCamera
  /// What was to be a picture is none, or can't be made small enough.
  case noPicture

  /// What the app offers to do next.
  public enum Step: Sendable, CaseIterable {
    /// Open the way to enrol.
    case enrol
    /// Try the same again.
    case again
    /// Show what waits and why.
    case sending
    /// Open the system's settings, where room can be made and the camera be allowed.
    case settings
    /// Have the newer app put on the phone, as the county gives it out: its words say so, no button leads there.
    case update
    /// Mend what was given, at its field.
    case mend

    /// The key of its words; mending has none: the words of the trouble say it.
    public var key: String? {
      switch self {
      case .enrol: "enrol-title"
      case .again: "app-try-again"
      case .sending: "sendpage-title"
      case .settings: "app-open-settings"
      case .update: "state-newer-title"
      case .mend: nil
      }
    }
  }

  public init(_ error: any Error) {
    switch error {
    case let trouble as Trouble: self = trouble
    case let error as PhoneError: self.init(error)
    case let error as CocoaError where error.code == .fileWriteOutOfSpace: self = .storageFull
    default: self = .failed
    }
  }

  init(_ error: PhoneError) {
    switch error {
    case .NotEnrolled: self = .notEnrolled
    case .Offline: self = .offline
    case .Refused(let standing): self = .refused(standing)
    case .StorageFull: self = .storageFull
    case .UpdateNeeded: self = .updateNeeded
    case .Closed(let code, _): self = code == "keys_unavailable" ? .keysUnavailable : .closed
    case .Invalid(let field, let code, let problem, _): self = .invalid(field: field, code: code, problem: problem)
    case .Failed: self = .failed
    }
  }

  /// The key of its words.
  public var key: String {
    switch self {
    case .notEnrolled: "error-not_enrolled"
    case .offline: "error-offline"
    case .refused(let standing): "standing-\(standing.code)"
    case .storageFull: "error-full"
    case .updateNeeded: "error-newer"
    case .closed: "error-closed"
    case .keysUnavailable: "error-keys_unavailable"
    case .invalid(_, let code, let problem): problem.map { "problem-\($0)" } ?? "error-\(code)"
    case .failed: "error-failed"
    case .cameraNotAllowed: "app-no-permission"
    case .noCamera: "app-no-camera"
    case .noPicture: "visitpage-picture-large"
    }
  }

  /// The field that it stands at, if it is about one.
  public var field: String? {
    if case .invalid(let field, _, _) = self { field } else { nil }
  }

  /// What the app offers to do next.
  public var step: Step {
    switch self {
    case .notEnrolled: .enrol
    case .offline, .closed, .keysUnavailable, .failed: .again
    case .refused(.outdated), .updateNeeded: .update
    case .refused: .sending
    case .storageFull, .cameraNotAllowed: .settings
    case .invalid, .noCamera, .noPicture: .mend
    }
  }
}

extension Standing {
  /// The code under which its words stand.
  public var code: String {
    switch self {
    case .fine: "fine"
    case .outdated: "outdated"
    case .unknown: "unknown"
    case .revoked: "revoked"
    case .certificate: "certificate"
    case .refused: "refused"
    }
  }
}
