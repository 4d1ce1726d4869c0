import Foundation

/// One phone's records, asked from the background: no screen waits on its own thread for a file or a network.
public final class Desk: Sendable {
  private let phone: Phone
  /// The key storage of the folder.
  let keys: any KeyStorage
  private let queue: DispatchQueue
  private let sending = Sending()
  private let bell: Bell
  /// What the library tells rings the bell for as long as the desk is there.
  private let listening: Subscription

  private init(phone: Phone, keys: any KeyStorage, queue: DispatchQueue, bell: Bell, listening: Subscription) {
    self.phone = phone
    self.keys = keys
    self.queue = queue
    self.bell = bell
    self.listening = listening
  }

  /// Opens the records in a folder, or makes them.
  public static func open(_ folder: URL, system: System) async throws -> Desk {
    let queue = DispatchQueue(label: "records", qos: .userInitiated)
    return try await queue.run {
      try system.prepare(folder)
      let keys = system.keys(try Folders.name(of: folder))
      let phone = try Phone.open(folder: folder.path, keys: keys, clock: system.clock, connectivity: system.connectivity)
      let bell = Bell()
      return Desk(phone: phone, keys: keys, queue: queue, bell: bell, listening: phone.listen(listener: Ear(bell)))
    }
  }

  /// One quick call.
  public func ask<T: Sendable>(_ call: @escaping @Sendable (Phone) throws -> T) async throws -> T {
    let phone = self.phone
    return try await queue.run { try call(phone) }
  }

  /// A call that may wait for the network.
  public func fetch<T: Sendable>(_ call: @Sendable (Phone) async throws -> T) async throws -> T {
    do { return try await call(phone) } catch { throw Trouble(error) }
  }

  /// Sends and receives until nothing more can be done now. Who asks while it runs waits for the same one. A caller that is
  /// cancelled stops waiting at once; when nobody waits any more the work ends too, and what arrived meanwhile is kept.
  public func sync() async throws -> SyncOutcome {
    // A try that found no connection changes no record, and yet what is said of those that wait.
    defer { stir() }
    do { return try await sending.sync(phone) } catch is CancellationError { throw CancellationError() } catch { throw Trouble(error) }
  }

  /// Says, for as long as it is listened to, that what is shown should be read again; several times at once may come as one.
  public func stirs() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { [bell] continuation in
      let place = bell.add { continuation.yield() }
      continuation.onTermination = { _ in bell.remove(place) }
    }
  }

  /// What is shown should be read again, although nothing was recorded.
  public func stir() { bell.ring() }

  /// Lets go of the file, so that the system may stop the process.
  public func pause() async { try? await ask { try $0.pause() } }

  /// Opens the file again.
  public func resume() async throws { try await ask { try $0.resume() } }
}

/// The sync that runs, if one does, for all who wait for it.
private actor Sending {
  private var running: Task<SyncOutcome, any Error>?
  private var waiting = 0

  func sync(_ phone: Phone) async throws -> SyncOutcome {
    let task = running ?? begin(phone)
    waiting += 1
    defer { leave() }
    return try await value(of: task)
  }

  private func begin(_ phone: Phone) -> Task<SyncOutcome, any Error> {
    let cancellation = Cancellation()
    let task = Task {
      // Before whoever waits for it goes on: the next one is a new one. One that was cancelled has been let go of already.
      defer { if !Task.isCancelled { running = nil } }
      return try await withTaskCancellationHandler {
        try await phone.syncNow(cancellation: cancellation)
      } onCancel: {
        // The generated code doesn't end a call of the library whose task is cancelled.
        cancellation.cancel()
      }
    }
    running = task
    return task
  }

  private func leave() {
    waiting -= 1
    guard waiting == 0 else { return }
    running?.cancel()
    running = nil
  }
}

/// The value of a task whose waiting, unlike the task, ends when the waiter is cancelled.
private func value<T: Sendable>(of task: Task<T, any Error>) async throws -> T {
  let (stream, continuation) = AsyncThrowingStream.makeStream(of: T.self)
  let feeding = Task {
    do {
      continuation.yield(try await task.value)
      continuation.finish()
    } catch { continuation.finish(throwing: error) }
  }
  defer { feeding.cancel() }
  for try await value in stream { return value }
  throw CancellationError()
}

/// Those who want to know when to read again.
private final class Bell: @unchecked Sendable {
  private let lock = NSLock()
  private var listening: [Int: @Sendable () -> Void] = [:]
  private var next = 0

  func add(_ hear: @escaping @Sendable () -> Void) -> Int {
    lock.withLock {
      next += 1
      listening[next] = hear
      return next
    }
  }

  func remove(_ place: Int) { lock.withLock { listening[place] = nil } }

  func ring() { lock.withLock { Array(listening.values) }.forEach { $0() } }
}

/// Whatever happens in the records, those who show them read again.
private final class Ear: Listener {
  private let bell: Bell
  init(_ bell: Bell) { self.bell = bell }
  func onEvent(event _: PhoneEvent) throws { bell.ring() }
}

extension DispatchQueue {
  /// Does work here and waits for it without holding a thread.
  fileprivate func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      async { continuation.resume(with: Result(catching: work).mapError { Trouble($0) }) }
    }
  }
}
