import CryptoKit
import Foundation
import SanjiKit
import Security

/// Keys in the Keychain: on this device alone, never synchronised, readable from the first unlock on. The number that is kept
/// beside them comes back with no backup, so the library notices a file that went back.
final class KeychainKeys: KeyStorage, Sendable {
  private let key: Item
  private let number: Item

  /// The Keychain outlives the app: a folder of an app that was installed again has another name.
  init(name: String) {
    key = Item(account: "key-\(name)")
    number = Item(account: "counter-\(name)")
  }

  func wrap(key bytes: Data) throws -> Data {
    let wrapping: Data
    if let found = try key.read() {
      wrapping = found
    } else {
      wrapping = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
      try key.write(wrapping)
    }
    return try GcmSealer().seal(bytes, under: wrapping)
  }

  func unwrap(wrapped: Data) throws -> Data {
    // Whatever else the Keychain says, such as that it is locked until the first unlock, doesn't mean that the key is lost.
    let kept: Data?
    do { kept = try key.read() } catch { throw KeyError.Unavailable(reason: "\(error)") }
    guard let kept else { throw KeyError.Gone(reason: "there is no key") }
    do { return try GcmSealer().open(wrapped, under: kept) } catch { throw KeyError.Gone(reason: "another key wrapped it") }
  }

  func counter() throws -> UInt64 {
    guard let found = try number.read() else { return 0 }
    guard let number = UInt64(String(decoding: found, as: UTF8.self)) else { throw ShellError.Failed(reason: "the number is unreadable") }
    return number
  }

  func setCounter(n: UInt64) throws { try number.write(Data(String(n).utf8)) }
}

/// AES-256 in Galois/Counter Mode.
struct GcmSealer: Sealer {
  func seal(_ bytes: Data, under key: Data) throws -> Data {
    let box = try AES.GCM.seal(bytes, using: SymmetricKey(data: key))
    guard let sealed = box.combined else { throw ShellError.Failed(reason: "not sealed") }
    return sealed
  }

  func open(_ sealed: Data, under key: Data) throws -> Data {
    try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: SymmetricKey(data: key))
  }
}

/// One item of the Keychain.
private struct Item: Sendable {
  let account: String

  private var query: [String: Any] {
    [
      kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: "sanji", kSecAttrAccount as String: account,
      kSecAttrSynchronizable as String: false,
    ]
  }

  func read() throws -> Data? {
    var found: CFTypeRef?
    let asked = query.merging([kSecReturnData as String: true]) { $1 }
    switch SecItemCopyMatching(asked as CFDictionary, &found) {
    case errSecSuccess: return found as? Data
    case errSecItemNotFound: return nil
    case let status: throw ShellError.Failed(reason: "keychain: \(status)")
    }
  }

  func write(_ data: Data) throws {
    let change = SecItemUpdate(query as CFDictionary, [kSecValueData as String: data] as CFDictionary)
    if change == errSecSuccess { return }
    guard change == errSecItemNotFound else { throw ShellError.Failed(reason: "keychain: \(change)") }
    let values: [String: Any] = [
      kSecValueData as String: data, kSecAttrAccessible as String: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
    ]
    let added = SecItemAdd(query.merging(values) { $1 } as CFDictionary, nil)
    guard added == errSecSuccess else { throw ShellError.Failed(reason: "keychain: \(added)") }
  }
}
