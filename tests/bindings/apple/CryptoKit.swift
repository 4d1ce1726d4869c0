import Foundation

public struct SymmetricKeySize: Sendable { public static var bits256: SymmetricKeySize { fatalError() } }

public struct SymmetricKey: ContiguousBytes, Sendable {
  public init<D: ContiguousBytes>(data: D) { fatalError() }
  public init(size: SymmetricKeySize) { fatalError() }
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R { fatalError() }
}

public enum AES {
  public enum GCM {
    public struct Nonce: Sendable {}
    public struct SealedBox {
      public init<D: DataProtocol>(combined: D) throws { fatalError() }
      public var combined: Data? { fatalError() }
    }
    public static func seal<Plaintext: DataProtocol>(_ message: Plaintext, using key: SymmetricKey, nonce: Nonce? = nil) throws -> SealedBox
    {
      fatalError()
    }
    public static func open(_ sealedBox: SealedBox, using key: SymmetricKey) throws -> Data { fatalError() }
  }
}
